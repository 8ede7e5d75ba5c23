// A script while it is typed: facts inserted by one tap, and how long all of it takes to say.
// The count is the server's (live/scripts/speech.py): a character each, an English word 1.6, a figure digit by digit.
const RATE = 200;
const WORD = 1.6;
const UNITS = /[A-Za-z][A-Za-z'’-]*|[0-9]|[\p{L}\p{N}]/gu;

const PLACE = /[{\uff5b]\s*([^{}\uff5b\uff5d\n]{1,20}?)\s*[}\uff5d]/u;
const PLACES = new RegExp(PLACE, "gu");
const isChinese = (text) => /\p{Script=Han}/u.test(text.replace(PLACES, ""));

export default function script(root) {
  const form = root.closest("form");
  const boxes = [...form.querySelectorAll("textarea")];
  const timeLine = document.querySelector("[data-time]");
  const facts = [...root.querySelectorAll("[data-put]")];
  const typing = boxes.find((box) => box === document.activeElement); // typed before this script was loaded
  let last = typing ?? boxes.find((box) => !box.value.trim()) ?? boxes[0];

  for (const box of boxes) box.addEventListener("focus", () => (last = box));
  for (const fact of facts) {
    fact.removeAttribute("aria-disabled");
    // The box keeps the focus, so the phone's keyboard stays open.
    fact.addEventListener("pointerdown", (event) => event.preventDefault());
    fact.addEventListener("click", () => put(fact.dataset.put));
  }
  form.addEventListener("input", count);
  form.addEventListener("input", hear);
  count();

  function put(text) {
    last.focus();
    last.setRangeText(text, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Facts are written in the language of the script, not of the page (live/scripts/placeholders.py).
  function filled(text) {
    const name = isChinese(text) ? "chinese" : "value";
    for (const { dataset: fact } of facts) text = text.replaceAll(fact.put, fact[name]).replaceAll(fact.also, fact[name]);
    return text;
  }

  function heard(text) {
    const gap = isChinese(text) ? root.dataset.chineseGap : root.dataset.gap;
    return filled(text).replace(PLACES, (_all, name) => gap.replace("{name}", () => name));
  }

  // Shows the text as it will be read under each box that contains a fact.
  function hear() {
    for (const box of boxes) {
      const line = box.closest(".part")?.querySelector("[data-heard]");
      if (!line) continue;
      const holds = PLACE.test(box.value);
      line.hidden = !holds;
      if (holds) line.querySelector("[data-text]").textContent = heard(box.value);
    }
  }

  function count() {
    if (!timeLine) return;
    const units = filled(boxes.map((box) => box.value).join("")).match(UNITS) ?? [];
    const spokenUnits = units.reduce((sum, unit) => sum + (/^[A-Za-z]/.test(unit) ? WORD : 1), 0);
    const seconds = Math.ceil((Math.ceil(spokenUnits) * 60) / RATE);
    timeLine.textContent = spoken(seconds);
    timeLine.classList.toggle("over", seconds > Number(root.dataset.minutes) * 72);
  }

  function spoken(seconds) {
    const [m, s] = [Math.floor(seconds / 60), seconds % 60];
    const pattern = !m ? "seconds" : !s ? "minutes" : "both";
    return timeLine.dataset[pattern].replace("{m}", m).replace("{s}", s);
  }
}
