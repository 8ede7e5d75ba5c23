// A trainer's phone as remote control: the same slides, what to say at each, two large buttons; follows the wall.
//   <… data-now data-move data-at data-version data-started> with [data-slide] sections, [data-step] forms
import { clock, step, stops } from "./slide_order.js";

const EVERY = 1000, PATIENCE = 4000;

export default function remote(root) {
  const all = (name, at = root) => [...at.querySelectorAll(`[data-${name}]`)];
  const one = (name, at = root) => at.querySelector(`[data-${name}]`);
  const sections = all("slide"), places = stops(sections.map((section) => "second" in section.dataset));
  const elapsed = document.querySelector("[data-elapsed]");
  let version = Number(root.dataset.version), at = root.dataset.at, etag = "", pending = 0, failed = 0, movedAt = Date.now();

  one("following").hidden = false;
  elapsed.hidden = false;
  setInterval(time, 1000);
  time();
  show(places.includes(at) ? at : places[0]);
  for (const form of all("step")) form.addEventListener("submit", (event) => {
    event.preventDefault();
    const to = step(places, at, Number(form.dataset.step));
    if (to === at) return;
    show(to);
    send(form, to);
  });
  for (const form of all("hands")) form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = one("said", form);
    try {
      const answer = await post(form.action, new FormData(form));
      const state = await answer.json();
      said.textContent = answer.ok ? "✓" : state.problem;
    } catch {
      stale(true);
    }
  });
  poll();
  document.addEventListener("visibilitychange", () => document.hidden || ask());

  function show(place) {
    at = place;
    movedAt = Date.now();
    const number = Number(place.split(".")[0]);
    for (const section of sections) section.hidden = Number(section.dataset.slide) !== number;
    const here = sections[number - 1], isSecond = place.includes(".");
    const following = here.dataset.second && !isSecond ? here.dataset.second : sections[number]?.querySelector("h2").textContent;
    one("following").hidden = !following;
    one("following").querySelector("b").textContent = following ?? "";
    window.scrollTo(0, 0);
  }

  async function send(form, to) {
    const body = new FormData(form);
    body.set("to", to);
    pending += 1;
    try {
      await hear(await post(root.dataset.move, body));
    } catch {
      stale(true);
    }
    pending -= 1;
  }

  async function poll() {
    if (!root.isConnected) return;
    if (!document.hidden) await ask();
    setTimeout(poll, EVERY);
  }

  async function ask() {
    if (pending) return;
    try {
      await hear(await fetch(root.dataset.now, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) }));
    } catch {
      failed += 1;
      stale(failed > 1);
    }
  }

  async function hear(answer) {
    if (answer.status === 404) return location.reload();
    if (answer.status !== 304) {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      etag = answer.headers.get("ETag") ?? "";
      const state = await answer.json();
      if (state.version > version && pending <= 1 && state.at !== at && places.includes(state.at)) show(state.at);
      movedAt = Date.now() - state.elapsed * 1000;
      version = Math.max(version, state.version);
    }
    failed = 0;
    stale(false);
  }

  function stale(isStale) {
    one("lost").hidden = !isStale;
  }

  function time() {
    elapsed.textContent = clock(Date.now() / 1000 - Number(root.dataset.started));
    const left = one("minutes", sections[Number(at.split(".")[0]) - 1]);
    if (!left) return;
    const whole = Number(left.dataset.minutes) * 60;
    left.textContent = clock(at.includes(".") ? whole - (Date.now() - movedAt) / 1000 : whole);
  }

  function post(url, body) {
    return fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout?.(PATIENCE) });
  }
}
