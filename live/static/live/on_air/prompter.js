// The teleprompter: scrolls the lines past one mark at so many characters a minute.
//   <… data-rate data-slowest data-fastest data-go data-stop> with [data-text] > [data-item data-seconds data-named] > [data-n],
//   and those of its buttons that exist. It dispatches "prompter:item" {item, element, next}; the element has
//   .prompter {play, pause, jump(item id), position, event()}: position in characters from the beginning, event() the facts of
//   the last event, for listeners that came too late. With data-place the tab stores the reading position and the time of each
//   item: a person who goes to the second phone's page and comes back continues there; an item featured meanwhile
//   (data-on-table) comes first.
import awake from "./awake.js";
import track from "./prompter_track.js";

const STEP = 20, SIZES = 4, MOVED = 3;
const STORED_AS = "farm:prompter";

export default function prompter(root) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const text = part("text");
  const items = [...text.querySelectorAll("[data-item]")];
  const lines = [...text.querySelectorAll("[data-n]")];
  if (!items.length || !lines.length) return;
  const spent = new Map(); // ms on each item
  const way = track(text, lines);
  let kept = read();
  let at = 0, own = 0, line, item, plays = false, begun = false, held = false, last = performance.now(), counted = last;

  root.classList.add("prompter--live");
  text.tabIndex = 0; // by keyboard too
  for (const name of ["controls", "left"]) if (part(name)) part(name).hidden = false;
  set({});
  new ResizeObserver(remeasure).observe(text);
  for (const name of ["pointerdown", "touchstart"]) text.addEventListener(name, () => (held = true), { passive: true });
  for (const name of ["pointerup", "pointercancel", "touchend", "touchcancel"]) window.addEventListener(name, () => (held = false));
  text.addEventListener("click", () => turn(!plays));
  const on = (name, work) => part(name)?.addEventListener("click", work);
  on("play", () => turn(!plays));
  on("slower", () => set({ rate: kept.rate - STEP }));
  on("faster", () => set({ rate: kept.rate + STEP }));
  on("smaller", () => set({ size: kept.size - 1 }));
  on("bigger", () => set({ size: kept.size + 1 }));
  on("mirror", () => set({ mirrored: !kept.mirrored }));
  on("previous", () => jump(items.indexOf(item) - 1));
  for (const name of ["following", "jump-next"]) on(name, () => jump(items.indexOf(item) + 1));
  if (part("full") && document.fullscreenEnabled) part("full").hidden = false;
  on("full", () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(() => null));
  document.addEventListener("keydown", keys);
  setInterval(count, 250);
  goOn();
  requestAnimationFrame(roll);
  root.prompter = { play: () => turn(true), pause: () => turn(false), jump: (id) => jump(items.findIndex((one) => one.dataset.item === String(id))), get position() { return at; }, event: facts };

  function read() {
    const known = { rate: Number(root.dataset.rate), size: 2, mirrored: false };
    try { return { ...known, ...JSON.parse(localStorage.getItem(STORED_AS)) }; } catch { return known; }
  }

  function set(change) {
    kept = { ...kept, ...change };
    kept.rate = Math.min(Number(root.dataset.fastest), Math.max(Number(root.dataset.slowest), kept.rate));
    kept.size = Math.min(SIZES, Math.max(1, kept.size));
    try { localStorage.setItem(STORED_AS, JSON.stringify(kept)); } catch { /* nothing can be stored */ }
    text.dataset.size = kept.size;
    root.classList.toggle("prompter--mirrored", kept.mirrored);
    part("mirror")?.setAttribute("aria-pressed", kept.mirrored);
    if (part("speed")) part("speed").textContent = kept.rate;
    for (const [name, ends] of [["slower", kept.rate <= Number(root.dataset.slowest)], ["faster", kept.rate >= Number(root.dataset.fastest)], ["smaller", kept.size === 1], ["bigger", kept.size === SIZES]]) {
      if (part(name)) part(name).disabled = ends;
    }
    remeasure();
  }

  function goOn() {
    const { place: name, onTable } = root.dataset;
    if (!name) return;
    const known = readPlace(name);
    const here = known?.end === way.end();
    if (here) {
      for (const one of items) if (known.spent[one.dataset.item]) spent.set(one, known.spent[one.dataset.item]);
      begun = known.begun;
      at = known.at;
      place();
    }
    if (onTable && onTable !== item.dataset.item && onTable !== (here && known.onTable)) jump(items.findIndex((one) => one.dataset.item === onTable));
    window.addEventListener("pagehide", () => {
      count();
      writePlace(name, { at, begun, end: way.end(), onTable, spent: Object.fromEntries([...spent].map(([one, ms]) => [one.dataset.item, ms])) });
    });
  }

  function remeasure() {
    way.measure();
    place();
  }

  function place() {
    text.scrollTop = way.y(at);
    own = text.scrollTop;
    show(way.line(at));
  }

  function show(now) {
    if (now === line) return;
    line?.classList.remove("on");
    (line = now).classList.add("on");
    const its = line.closest("[data-item]");
    if (its === item) return;
    item = its;
    const next = items[items.indexOf(item) + 1];
    if (part("name")) part("name").textContent = item.dataset.named;
    if (part("following")) part("following").hidden = !next;
    if (next && part("next-name")) part("next-name").textContent = next.dataset.named;
    if (part("previous")) part("previous").disabled = item === items[0];
    if (part("jump-next")) part("jump-next").disabled = !next;
    count();
    root.dispatchEvent(new CustomEvent("prompter:item", { detail: facts() }));
  }

  function facts() {
    return { item: item.dataset.item, element: item, next: items[items.indexOf(item) + 1] };
  }

  // A finger moves the text; scrolling continues from there.
  function roll(now) {
    if (Math.abs(text.scrollTop - own) > MOVED) {
      own = text.scrollTop;
      at = way.at(own);
      show(way.line(at));
    } else if (plays && !held) {
      at = Math.min(way.end(), at + ((now - last) / 60000) * kept.rate);
      place();
      if (at >= way.end()) turn(false);
    }
    last = now;
    if (root.isConnected) requestAnimationFrame(roll);
  }

  function count() {
    const now = performance.now();
    if (begun && item) spent.set(item, (spent.get(item) ?? 0) + now - counted);
    counted = now;
    if (!part("clock") || !item) return;
    const left = Number(item.dataset.seconds) - Math.floor((spent.get(item) ?? 0) / 1000);
    const whole = Math.abs(left);
    part("clock").textContent = `${left < 0 ? "+" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    part("left").classList.toggle("prompter__left--over", left < 0);
  }

  function turn(to) {
    if (to && at >= way.end()) at = 0;
    plays = to;
    begun ||= to;
    awake(root, plays);
    const button = part("play");
    if (!button) return;
    button.textContent = plays ? root.dataset.stop : root.dataset.go;
    button.setAttribute("aria-pressed", plays);
  }

  function jump(n) {
    const first = items[n]?.querySelector("[data-n]");
    if (!first) return;
    count();
    at = way.before(first);
    place();
  }

  function keys(event) {
    if (!root.isConnected || event.target.closest("input, textarea, select")) return;
    const work = { PageDown: () => jump(items.indexOf(item) + 1), PageUp: () => jump(items.indexOf(item) - 1), ArrowRight: () => jump(items.indexOf(item) + 1), ArrowLeft: () => jump(items.indexOf(item) - 1) }[event.key];
    if (event.key === " " && !event.target.closest("button, a")) event.preventDefault(turn(!plays));
    else if (work) event.preventDefault(work());
  }
}

const placeKey = (name) => `farm:prompter:${name}`;

function readPlace(name) {
  try { return JSON.parse(sessionStorage.getItem(placeKey(name))); } catch { return null; }
}

function writePlace(name, place) {
  try { sessionStorage.setItem(placeKey(name), JSON.stringify(place)); } catch { /* it begins from the top then */ }
}
