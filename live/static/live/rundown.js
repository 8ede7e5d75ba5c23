// The rundown's lines dragged by their grip, or moved by the arrow keys on it; the order is sent whole, by one POST.
// Without this script the ↑ ↓ buttons do the same, one step and one page at a time.
const EDGE = 80;

export default function rundown(list) {
  const form = document.getElementById(list.dataset.form);
  const rows = () => [...list.querySelectorAll(":scope > [data-item]")];
  let saved = rows();
  let row = null;

  for (const grip of list.querySelectorAll("[data-grip]")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", lift);
    grip.addEventListener("keydown", step);
  }
  form.addEventListener("submit", (event) => {
    const [pk, way] = (event.submitter?.value ?? "").split(":");
    const line = list.querySelector(`[data-item="${CSS.escape(pk)}"]`);
    if (!line) return;
    event.preventDefault();
    if (nudge(line, way === "up")) save();
    event.submitter.focus();
  });

  function nudge(line, up) {
    const beside = up ? line.previousElementSibling : line.nextElementSibling;
    if (!beside) return false;
    up ? beside.before(line) : beside.after(line);
    return true;
  }

  function step(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const grip = event.currentTarget;
    if (nudge(grip.closest("[data-item]"), event.key === "ArrowUp")) save();
    grip.focus();
  }

  function lift(event) {
    if (event.button) return;
    event.preventDefault();
    row = event.currentTarget.closest("[data-item]");
    row.classList.add("lifted");
    // On the document: a grip that moves with its row through the page stops hearing of the pointer.
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", drop);
  }

  function drag(event) {
    if (event.clientY < EDGE) scrollBy(0, -12);
    if (event.clientY > innerHeight - EDGE) scrollBy(0, 12);
    const target = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-item]");
    if (!target || target === row || target.parentElement !== list) return;
    const box = target.getBoundingClientRect();
    event.clientY < box.top + box.height / 2 ? target.before(row) : target.after(row);
  }

  function drop() {
    document.removeEventListener("pointermove", drag);
    document.removeEventListener("pointerup", drop);
    document.removeEventListener("pointercancel", drop);
    row.classList.remove("lifted");
    row = null;
    save();
  }

  function number() {
    rows().forEach((line, at) => (line.querySelector("[data-number]").textContent = at + 1));
  }

  async function save() {
    const wanted = rows();
    if (wanted.every((line, at) => line === saved[at])) return;
    number();
    const body = new FormData(form);
    body.set("order", wanted.map((line) => line.dataset.item).join(" "));
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    if (answer?.ok) saved = wanted;
    else list.append(...saved);
    number();
    say(answer?.ok ? list.dataset.saved : answer?.status === 409 ? list.dataset.stale : list.dataset.failed, !answer?.ok);
  }
}

function say(text, shown) {
  const status = document.getElementById("said");
  status.className = shown ? "toast toast--float" : "sr";
  status.textContent = text;
  if (shown) setTimeout(() => (status.className = "sr"), 6000);
}
