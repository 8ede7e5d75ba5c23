// What a room does at a slide: it practises against the clock, and answers by phones and by hands.
import { clock, count } from "./slide_order.js";

const one = (name, at) => at.querySelector(`[data-${name}]`);
const all = (name, at) => [...at.querySelectorAll(`[data-${name}]`)];
let ticking;

// Counts the minutes of a practice down; a page that is loaded anew goes on, because the end is stored under `key`.
export function runClock(section, isRunning, key) {
  clearInterval(ticking);
  const face = one("minutes", section);
  if (!face) return;
  const whole = Number(face.dataset.minutes) * 60;
  let ends = isRunning ? read(sessionStorage, key) : null;
  if (isRunning && !ends) write(sessionStorage, key, ends = Date.now() + whole * 1000);
  if (!isRunning) write(sessionStorage, key, null);
  one("hint", section).hidden = isRunning;
  const tick = () => {
    const left = ends ? (ends - Date.now()) / 1000 : whole;
    one("clock", face).textContent = clock(left);
    face.classList.toggle("is-over", left <= 0);
  };
  tick();
  if (isRunning) ticking = setInterval(tick, 500);
}

// Draws the bars of a question once it is revealed, and how many have answered: hands and phones together.
export function drawBars(section, isRevealed) {
  const rows = all("letter", section), hands = section.hands ?? [], phones = section.phones ?? [];
  const sums = rows.map((_row, n) => (hands[n] ?? 0) + (phones[n] ?? 0)), most = Math.max(1, ...sums);
  for (const [n, row] of rows.entries()) {
    one("bars", row).hidden = !isRevealed;
    one("fill", row).setAttribute("width", String((sums[n] / most) * 100));
    one("count", row).textContent = String(sums[n]);
    const input = one("hand", row);
    if (document.activeElement !== input && hands[n]) input.value = String(hands[n]);
  }
  const answered = one("answered", section);
  if (!answered || section.answered === undefined) return;
  answered.hidden = false;
  answered.querySelector("b").textContent = String(section.answered + hands.reduce((sum, n) => sum + n, 0));
}

// Takes what the server knows of a question; what is just being typed here stays.
export function takeRoom(section, state) {
  section.phones = state.phones;
  if (!section.contains(document.activeElement) && state.hands?.length) section.hands = state.hands;
  section.answered = state.answered;
}

// Reads the hands as they are typed: { hands_A: "3", … }.
export function readHands(section) {
  const inputs = all("hand", section);
  section.hands = inputs.map((input) => count(input.value));
  return Object.fromEntries(inputs.map((input, n) => [`hands_${input.dataset.hand}`, String(section.hands[n])]));
}

export function read(store, key) {
  try {
    return JSON.parse(store.getItem(key));
  } catch {
    return null;
  }
}

export function write(store, key, value) {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    // a browser that stores nothing forgets it with the page
  }
}
