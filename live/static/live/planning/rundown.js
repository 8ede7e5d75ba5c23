// The rundown's lines are dragged by their grip, or moved by the arrow keys on it; the whole order is sent by one POST.
// Without this script the ↑ ↓ buttons do the same, one step and one page at a time.
//   <ol data-drag="…/drag.js" data-form data-saved data-stale data-failed> of <li data-item>
export default async function rundown(list) {
  const { putBeside, draggable, swap } = await import(list.dataset.drag);
  const form = document.getElementById(list.dataset.form);
  const rows = () => [...list.querySelectorAll(":scope > [data-item]")];
  let saved = rows();

  draggable(list, { rows: "[data-item]", step: swap, over, save });
  form.addEventListener("submit", (event) => {
    const [pk, way] = (event.submitter?.value ?? "").split(":");
    const line = list.querySelector(`[data-item="${CSS.escape(pk)}"]`);
    if (!line) return;
    event.preventDefault();
    if (swap(line, way === "up")) save();
    event.submitter.focus();
  });

  function over(row, under, y) {
    const target = under.closest("[data-item]");
    if (target?.parentElement === list) putBeside(row, target, y);
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
  const status = document.getElementById("status");
  status.className = shown ? "toast toast--float" : "sr";
  status.textContent = text;
  if (shown) setTimeout(() => (status.className = "sr"), 6000);
}
