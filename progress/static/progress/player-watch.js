// What was really played: intervals of the video, reported to the outbox every 15 seconds, at a pause and on leaving.
// Skipped parts are not played; a part played again is the same interval, and the server merges them.
const EVERY = 15000;
const SLACK = 400;

const whole = (spans) => spans.map(([from, to]) => [Math.round(from), Math.round(to)]);

export function union(spans) {
  const found = [];
  for (const [from, to] of spans.map((span) => [...span]).sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found;
}

export default function watch(box) {
  const video = box.querySelector("video");
  const bar = box.querySelector("[data-seen-bar]");
  const line = box.querySelector("[data-seen-status]");
  const { user, lesson } = box.dataset;
  const length = Number(box.dataset.length);
  const enough = Number(box.dataset.enough);
  let seen = JSON.parse(box.dataset.seen); // the intervals that the server has, and ours
  let spans = []; // not sent yet
  let last = null; // the video's time at the last check; null if the next interval must not be joined to it
  let looked = 0;
  let rate = 1;
  let since = null; // clock time at which the first of `spans` began
  let asking = false;

  function look() {
    if (video.seeking) return;
    const now = performance.now();
    const ms = video.currentTime * 1000;
    const moved = last === null ? 0 : ms - last;
    const could = (now - looked) * Math.max(rate, video.playbackRate) + SLACK;
    if (moved > 0 && moved <= could) {
      const end = spans.at(-1);
      if (end && end[1] === last) end[1] = ms;
      else spans.push([last, ms]);
    }
    [last, looked, rate] = [ms, now, video.playbackRate];
  }

  function start() {
    look();
    last = video.currentTime * 1000;
    looked = performance.now();
    rate = video.playbackRate;
    since ??= Date.now();
    import(box.dataset.outbox).catch(() => null); // already loaded when the page is left
  }

  const percent = () => Math.min(100, Math.floor((seen.reduce((sum, [from, to]) => sum + to - from, 0) * 100) / length));

  function show() {
    bar.value = percent();
    line.textContent = line.dataset.words.replace("{n}", percent());
  }

  const undone = () => document.querySelector("[data-dock] form[action$='/done/']");

  // The server decides whether enough was watched, and answers with the new dock.
  async function ask() {
    if (asking || !undone()) return;
    asking = true;
    try {
      const response = await fetch(box.dataset.state, { headers: { Accept: "application/json" } });
      const state = response.ok ? await response.json() : {};
      if (state.done && undone()) {
        document.querySelector("[data-dock]").outerHTML = state.dock;
        const status = document.getElementById("status");
        if (status) status.textContent = document.querySelector("[data-dock] .leaf")?.textContent.trim() ?? "";
      }
    } catch { /* no connection: the next report asks again */ } finally {
      asking = false;
    }
  }

  async function tell() {
    const now = Date.now();
    try {
      localStorage.setItem(`at:${user}:${lesson}`, JSON.stringify({ ms: Math.round(video.currentTime * 1000), at: now }));
    } catch { /* private browsing */ }
    if (!spans.length) return;
    const body = {
      lesson: Number(lesson),
      intervals: whole(spans),
      position: Math.round(video.currentTime * 1000),
      rung: box.dataset.rendition,
      from: new Date(since ?? now - EVERY).toISOString(),
      to: new Date(now).toISOString(),
    };
    seen = union([...seen, ...spans]);
    spans = [];
    since = video.paused ? null : now;
    show();
    try {
      const { add, send } = await import(box.dataset.outbox);
      await add(user, "watched", body);
      await send();
    } catch {
      // Offline the module cannot be loaded, and a private window has no storage: sent the next time.
      spans = union([...body.intervals, ...spans]);
      since = Math.min(since ?? Infinity, Date.parse(body.from));
    }
    if (percent() >= enough) await ask();
  }

  video.addEventListener("playing", start);
  video.addEventListener("timeupdate", () => {
    if (video.paused || video.seeking) return;
    look();
    const total = union([...seen, ...spans]).reduce((sum, [from, to]) => sum + to - from, 0);
    if (Date.now() - since >= EVERY || (percent() < enough && total * 100 >= enough * length)) tell();
  });
  for (const name of ["seeking", "emptied", "waiting"]) {
    video.addEventListener(name, () => {
      if (name === "waiting") look();
      last = null;
    });
  }
  video.addEventListener("seeked", () => !video.paused && start());
  video.addEventListener("pause", () => {
    look();
    last = null;
    tell();
    since = null;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    if (!video.paused) look();
    tell();
  });
  window.addEventListener("pagehide", () => {
    if (!video.paused) look();
    tell();
  });
}
