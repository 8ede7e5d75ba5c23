// Helps through a long form on a phone: the keyboard's "next" goes to the next field, and the dock shows what is
// still missing, and which words still block.
const BOXES = 'input:not([type]), input[type="text"], input[type="tel"]';

export default function flow(root) {
  const form = root.closest("form");
  const needed = document.querySelector("[data-needed]");

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches(BOXES)) return;
    event.preventDefault();
    const boxes = [...form.querySelectorAll(`${BOXES}, textarea`)].filter((box) => box.offsetParent);
    const next = boxes[boxes.indexOf(event.target) + 1];
    if (next) next.focus();
    if (next?.dataset.guess !== undefined) next.select();
    else event.target.blur();
  });

  function missing() {
    const fields = new Map();
    const shots = form.querySelector("[data-shots]");
    fields.set(shots.closest(".field"), Boolean(shots.querySelector("[data-shot]")));
    for (const element of form.elements) {
      const field = element.closest(".field");
      if (!element.required || !field || field.hidden || fields.get(field) === true) continue;
      const given = element.type === "radio" || element.type === "checkbox" ? element.checked : element.value.trim();
      fields.set(field, Boolean(given));
    }
    const bare = [...fields].filter(([, given]) => !given).map(([field]) => field);
    // Each marked word counts as one more missing thing, as shown.
    const marked = [...form.querySelectorAll(".slips > .finding:not(.finding--hint)")]
      .filter((slip) => !isProven(slip))
      .map((slip) => form.elements[slip.parentElement.dataset.words]?.closest(".field"))
      .filter((field) => field && !bare.includes(field));
    return [...bare, ...marked].map(wordsOf);
  }

  // As the server requires: the tick; or source and day; or, if neither is required, a number or a file.
  function isProven(slip) {
    const boxes = [...slip.querySelectorAll("details input")];
    const named = (...ends) => boxes.filter((box) => ends.some((end) => box.name.endsWith(`-${end}`)));
    const given = (box) => (box.type === "checkbox" ? box.checked : Boolean(box.value.trim()));
    const must = named("source", "dated");
    return named("asks").some(given) || (must.length ? must.every(given) : named("report_no", "file").some(given));
  }

  function wordsOf(field) {
    const words = field.querySelector("legend") ?? field.querySelector(".check > span") ?? field.querySelector("label");
    return words.firstChild.textContent.trim();
  }

  function tell() {
    if (!needed) return;
    const names = missing();
    const first = document.createElement("b");
    const second = document.createElement("span");
    second.className = "soft";
    first.textContent = names.length ? needed.dataset.left.replace("{n}", names.length) : needed.dataset.all;
    second.textContent = names.length ? [...new Set(names)].slice(0, 3).join(needed.dataset.joint) : needed.dataset.after;
    first.className = names.length ? "stop" : "leaf";
    needed.replaceChildren(first, document.createElement("br"), second);
  }

  form.addEventListener("input", tell);
  form.addEventListener("change", tell);
  new MutationObserver(tell).observe(form, { childList: true, subtree: true });
  tell();
}
