// Marks given while the film plays: a tap on a line, or its key from 1 to 9, marks it and stamps the moment of the film. The
// first tap means done, the second half, the third not done; taps can be undone. At the end what has no mark is asked in one list.
//   [data-board] with buttons [data-code] of lines and [data-opens] of parts, [data-board-last], form[data-marks] with
//   radios mark-<code> and hidden fields at-<code> (ms) and undone (codes)
import { clock } from "./review-film.js";
import { unmark } from "./rubric_parts.js";

const ORDER = ["full", "half", "none"];

export const following = (level) => ORDER[(ORDER.indexOf(level) + 1) % ORDER.length];

export default function board(box) {
  const form = box.querySelector("form[data-marks]");
  const grid = box.querySelector("[data-board]");
  if (!grid) return;
  const last = box.querySelector("[data-board-last]");
  const says = last.querySelector("[data-says]");
  const undo = last.querySelector("[data-undo]");
  const back = grid.querySelector("[data-back]");
  const list = form.querySelector(".rubric");
  const pads = [...grid.querySelectorAll("[data-code]")];
  const taps = [];
  let group = "";
  grid.hidden = last.hidden = false;

  const lineOf = (code) => form.querySelector(`input[name="mark-${code}"]`).closest("fieldset");
  const levelOf = (code) => lineOf(code).querySelector("[data-line]:checked")?.value ?? "";
  const stampOf = (code) => form.elements[`at-${code}`];
  const whatOf = (code) => pads.find((pad) => pad.dataset.code === code).querySelector("b").textContent;
  const say = (words, facts = {}) => (says.textContent = words.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? ""));
  const tell = (field) => ["input", "change"].forEach((name) => field.dispatchEvent(new Event(name, { bubbles: true })));

  function draw() {
    for (const pad of pads) {
      const { code } = pad.dataset;
      const level = levelOf(code);
      const at = stampOf(code).value;
      pad.dataset.level = level;
      pad.hidden = pad.dataset.group !== group;
      pad.querySelector("[data-state]").textContent = level ? `${grid.dataset[level]}${at && ` ${clock(Number(at))}`}` : "";
    }
    for (const pad of grid.querySelectorAll("[data-opens]")) {
      const own = pads.filter((one) => one.dataset.group === pad.dataset.opens);
      const marked = own.filter((one) => one.dataset.level).length;
      pad.hidden = group !== "";
      pad.dataset.level = marked === own.length ? "all" : "";
      pad.querySelector("[data-marked]").textContent = marked;
    }
    back.hidden = group === "";
    undo.disabled = !taps.length;
    last.querySelector("[data-unmarked]").textContent = pads.filter((pad) => !pad.dataset.level).length;
  }

  function open(name) {
    group = name;
    draw();
    (group ? pads.find((pad) => !pad.hidden) : grid.querySelector(".pad"))?.focus({ preventScroll: true });
  }

  // Gives the line this mark and stamp; "" takes its mark away.
  function mark(code, level, at) {
    const line = lineOf(code);
    stampOf(code).value = at;
    if (level) {
      const input = line.querySelector(`[data-line][value="${level}"]`);
      input.checked = true;
      return tell(input);
    }
    unmark(line.closest("[data-part]"), line);
    form.elements.undone.value = [...new Set([...form.elements.undone.value.split(" "), code])].join(" ").trim();
    tell(form.elements.undone);
  }

  function tap(code) {
    const where = { ms: 0 };
    box.dispatchEvent(new CustomEvent("film:where", { detail: where }));
    const level = following(levelOf(code));
    taps.push({ code, level: levelOf(code), at: stampOf(code).value });
    mark(code, level, where.ms);
    say(says.dataset.marked, { at: clock(where.ms), what: whatOf(code), level: grid.dataset[level] });
  }

  function takeBack() {
    const one = taps.pop();
    if (!one) return;
    mark(one.code, one.level, one.at);
    say(says.dataset.undone, { what: whatOf(one.code) });
  }

  // Shows below only the lines without a mark; marked there, they stay until the list is opened again or left.
  function ask() {
    const missing = pads.filter((pad) => !pad.dataset.level).map((pad) => lineOf(pad.dataset.code));
    if (!missing.length) return say(says.dataset.all);
    for (const each of form.querySelectorAll("[data-asked]")) delete each.dataset.asked;
    for (const line of missing) {
      const part = line.closest("[data-part]");
      line.closest("li").dataset.asked = part.dataset.asked = "";
      const isSome = part.querySelectorAll(".lines fieldset [data-line]:checked").length > 0;
      if (isSome) part.dataset.some = "";
      else delete part.dataset.some;
      if (isSome) part.querySelector("details")?.setAttribute("open", "");
    }
    list.classList.add("rubric--left");
    form.querySelector("[data-whole-list]").hidden = false;
    form.querySelector("#marks").scrollIntoView({ block: "start" });
  }

  grid.addEventListener("click", ({ target }) => {
    const pad = target.closest("button");
    if (!pad) return;
    if (pad.dataset.code) tap(pad.dataset.code);
    else open(pad.dataset.opens ?? "");
  });
  undo.addEventListener("click", takeBack);
  last.querySelector("[data-ask]").addEventListener("click", ask);
  form.querySelector("[data-whole-list]").addEventListener("click", ({ target }) => {
    list.classList.remove("rubric--left");
    target.hidden = true;
  });
  for (const name of ["change", "marks:restored"]) form.addEventListener(name, draw);
  box.querySelector("[data-film] video")?.addEventListener("ended", () => document.querySelector("dialog[open]") ?? ask());

  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=range])");
    if (writes || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const shown = [...grid.querySelectorAll(".pad:not(.pad--back)")].filter((pad) => !pad.hidden);
    if (/^[1-9]$/.test(event.key)) shown[Number(event.key) - 1]?.click();
    else if (event.key === "Backspace") takeBack();
    else if (event.key === "0" && group) open("");
    else return;
    event.preventDefault();
  });
  draw();
}
