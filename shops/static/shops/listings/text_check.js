// Checks text while it is typed: after a pause, and never in the middle of an input method's composition.
// Text typed before this script or htmx was loaded is checked once they are there.
const PAUSE = 600;

export default function wording(root) {
  const form = root.closest("form") ?? root;
  const slot = (name) => document.getElementById(`wording-${name}`);
  const timers = new Map();
  let composing = false;

  function soon(name, wait = PAUSE) {
    clearTimeout(timers.get(name));
    if (!composing && slot(name)) timers.set(name, setTimeout(() => ask(name), wait));
  }

  function ask(name) {
    if (window.htmx) slot(name)?.dispatchEvent(new CustomEvent("wording"));
    else document.addEventListener("htmx:load", () => soon(name, 0), { once: true });
  }

  // The errors of the last submit no longer apply to this box; it is checked again.
  function forget(box) {
    document.getElementById(`${box.id}_error`)?.replaceChildren();
    box.removeAttribute("aria-invalid");
  }

  // Says above the findings, which are drawn anew, why nothing was replaced.
  function tell(name, text) {
    const known = slot(name).previousElementSibling;
    if (known?.matches("[data-told]")) known.remove();
    if (!text) return;
    const note = Object.assign(document.createElement("p"), { className: "error", role: "alert", textContent: text });
    note.dataset.told = "";
    slot(name).before(note);
  }

  function mend(button) {
    const name = button.closest("[data-words]").dataset.words;
    const box = form.elements[name];
    const { rewrite, hit, at, before, after } = button.dataset;
    const start = place(box.value, { hit, before, after }, Number(at));
    tell(name, start < 0 ? button.dataset.moved : "");
    if (start < 0) return ask(name);
    box.setRangeText(rewrite, start, start + hit.length, "end");
    box.focus();
    const gap = rewrite.search(/\uff3f+/);
    if (gap >= 0) box.setSelectionRange(start + gap, start + gap + rewrite.slice(gap).match(/^\uff3f+/)[0].length);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    soon(name, 0);
  }

  for (const box of form.elements) if (box.value !== box.defaultValue && slot(box.name)) soon(box.name);
  form.addEventListener("compositionstart", () => (composing = true));
  form.addEventListener("compositionend", (event) => {
    composing = false;
    soon(event.target.name);
  });
  form.addEventListener("input", (event) => {
    if (slot(event.target.name)) {
      forget(event.target);
      tell(event.target.name, "");
    }
    if (!event.isComposing) soon(event.target.name);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rewrite]");
    if (!button) return;
    event.preventDefault();
    mend(button);
  });
}

// Where the words to replace are now, or -1 if the text around them is another by now. Python counts code points, a text box
// counts UTF-16 units; and more may have been typed elsewhere since.
export function place(text, { hit, before, after }, at) {
  const whole = before + hit + after;
  const start = [...text].slice(0, at).join("").length;
  if (text.startsWith(whole, start - before.length)) return start;
  const first = text.indexOf(whole);
  return first < 0 || first !== text.lastIndexOf(whole) ? -1 : first + before.length;
}
