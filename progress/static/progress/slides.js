// A lesson's slides one at a time: keys, a presenter's clicker, swipes, a phone as remote control (slide_line.js). Where it stands is
// in the URL: #7, or #7.1 after the second press.
//   <… data-lesson data-move data-hands [data-now data-version data-at data-code]> with [data-slide] sections
import { openLine } from "./slide_line.js";
import { step, stops } from "./slide_order.js";
import { drawBars, read, readHands, runClock, takeRoom, write } from "./slide_room.js";

const SWIPE = 60, TYPED = 600;
const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"], BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];

export default function slides(root) {
  const all = (name, at = root) => [...at.querySelectorAll(`[data-${name}]`)];
  const one = (name, at = root) => at.querySelector(`[data-${name}]`);
  const { lesson, now, move, hands, code } = root.dataset;
  const sections = all("slide"), places = stops(sections.map((section) => "second" in section.dataset));
  const left = `slides-left-out-${code ?? lesson}`;
  let skipped = new Set(read(localStorage, left) ?? []), version = Number(root.dataset.version ?? 0), at = "", line = null, typing;

  root.classList.add("is-on");
  one("bar").hidden = false;
  for (const image of root.querySelectorAll("img")) image.loading = "eager";  // the line may be cut later
  for (const part of [...all("hands-of"), ...all("hint")]) part.hidden = false;
  const asked = location.hash.slice(1);
  show([asked, root.dataset.at].find((place) => places.includes(place)) ?? places[0]);
  if (now) {
    const { csrfmiddlewaretoken } = one("token").elements;
    const lost = (isLost) => { one("lost").hidden = !isLost; };
    line = openLine(root, { now, move, hands }, csrfmiddlewaretoken.value, { take, lost });
    if (at !== root.dataset.at) line.send(at);
  }
  listen();

  function show(place) {
    at = place;
    const [number, second] = place.split("."), section = sections[Number(number) - 1];
    for (const each of sections) each.hidden = each !== section;
    for (const later of all("later", section)) later.classList.toggle("is-shown", Boolean(second));
    if (section.dataset.question) {
      section.classList.toggle("is-revealed", Boolean(second));
      drawBars(section, Boolean(second));
    }
    runClock(section, Boolean(second), `slides-clock-${lesson}-${number}`);
    one("number").textContent = number;
    for (const button of all("go")) button.setAttribute("aria-current", String(button.dataset.go === number));
    history.replaceState(history.state, "", `#${place}`);
  }

  function jump(to) {
    if (to === at) return;
    show(to);
    line?.send(to);
  }

  const go = (by) => jump(step(places, at, by, skipped));

  function take(state) {
    const section = sections.find((each) => state.question && each.dataset.question === String(state.question));
    if (section) {
      takeRoom(section, state);
      drawBars(section, section.classList.contains("is-revealed"));
    }
    const isNew = state.version > version;
    version = Math.max(version, state.version);
    if (!isNew || line.isBehind() || state.at === at || !places.includes(state.at)) return;
    const by = places.indexOf(state.at) > places.indexOf(at) ? 1 : -1;
    show(state.at);
    if (skipped.has(state.at.split(".")[0])) go(by);  // a phone does not know which slides are left out here
  }

  function listen() {
    document.addEventListener("keydown", (event) => {
      if (!root.isConnected || event.ctrlKey || event.metaKey || event.altKey || one("all").open || one("leave")?.open) return;
      const act = isMeant(event.target, event.key) ? find(event.key) : null;
      if (!act) return;
      event.preventDefault();
      document.activeElement?.blur();
      act();
    });
    swipe();
    one("previous").addEventListener("click", () => go(-1));
    one("next").addEventListener("click", () => go(1));
    one("overview").addEventListener("click", overview);
    one("up").addEventListener("click", leave);
    one("full").addEventListener("click", full);
    window.addEventListener("hashchange", () => places.includes(location.hash.slice(1)) && jump(location.hash.slice(1)));
    for (const button of all("go")) button.addEventListener("click", () => {
      one("all").close();
      jump(button.dataset.go);
    });
    for (const box of all("skip")) {
      box.checked = skipped.has(box.dataset.skip);
      box.addEventListener("change", () => {
        skipped = new Set(all("skip").filter((each) => each.checked).map((each) => each.dataset.skip));
        write(localStorage, left, [...skipped]);
      });
    }
    for (const input of all("hand")) input.addEventListener("input", () => {
      const section = input.closest("[data-slide]"), fields = readHands(section);
      drawBars(section, section.classList.contains("is-revealed"));
      clearTimeout(typing);
      typing = setTimeout(() => line?.tell(fields), TYPED);
    });
  }

  // A key may be meant for what is being typed or pressed; digits of hands need no arrows.
  function isMeant(target, key) {
    if (target.closest("dialog")) return true;
    if (target.closest("[data-hand]")) return key.length > 1 && !["Backspace", "Home", "End"].includes(key);
    return !target.closest("input, select, textarea") && !(target.closest("button, a") && [" ", "Enter"].includes(key));
  }

  function find(key) {
    if (NEXT.includes(key)) return () => go(1);
    if (BACK.includes(key)) return () => go(-1);
    return { Home: () => jump(places[0]), End: () => jump(places.at(-1)), o: overview, O: overview, f: full, F: full }[key];
  }

  function swipe() {
    let from = null;
    root.addEventListener("touchstart", ({ changedTouches: [touch] }) => { from = touch; }, { passive: true });
    root.addEventListener("touchend", ({ changedTouches: [touch], target }) => {
      const right = touch.clientX - from.clientX, down = touch.clientY - from.clientY;
      const isSideways = Math.abs(right) >= SWIPE && Math.abs(right) > 2 * Math.abs(down);
      if (isSideways && !target.closest(".slide__table, dialog")) go(right < 0 ? 1 : -1);
    }, { passive: true });
  }

  function overview() {
    one("all").showModal();
    one("all").querySelector("[aria-current=true]")?.scrollIntoView({ block: "center" });
  }

  // Asks once whether the class is over; who stays away without ending it is not asked again.
  function leave(event) {
    const key = `slides-left-${code}`;
    if (!one("leave") || read(sessionStorage, key)) return;
    event.preventDefault();
    write(sessionStorage, key, true);
    one("leave").showModal();
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen?.().catch(() => null);
    navigator.wakeLock?.request("screen").catch(() => null);
  }
}
