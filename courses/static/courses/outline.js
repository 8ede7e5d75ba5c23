// A course's outline: rows are dragged by their grip (mouse, pen or finger) or moved with the arrow keys.
// The whole order is sent by one POST; without this script the ↑ ↓ buttons do the same, one step at a time.

const form = document.querySelector("[data-outline]");
const status = form.querySelector("[data-status]");
const { putBeside, draggable, swap } = await import(form.dataset.drag);
let saved = snapshot();

draggable(form, { rows: "[data-key]", step: nudge, over, save });
// The buttons work without loading the page, and the focus stays on the pressed button.
form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name !== "move") return;
  event.preventDefault();
  const up = button.value.endsWith(":up");
  if (nudge(button.closest("[data-key]"), up)) save();
  button.focus();
});
freshen();

function key(element) {
  return element.dataset.key;
}

function isModule(element) {
  return key(element).startsWith("m");
}

function rows() {
  return [...form.querySelectorAll("[data-key]")];
}

function order() {
  return rows().map(key).join(" ");
}

function snapshot() {
  return rows().map((element) => [element, element.parentElement]);
}

function restore(places) {
  for (const [element, parent] of places) parent.append(element);
  freshen();
}

function lists() {
  return [...form.querySelectorAll("[data-lessons]")];
}

/** One step up or down; a lesson at the edge of its unit goes over into the next. Whether anything moved. */
function nudge(element, up) {
  if (swap(element, up)) return true;
  if (isModule(element)) return false;
  const all = lists();
  const next = all[all.indexOf(element.parentElement) + (up ? -1 : 1)];
  if (!next) return false;
  if (up) next.append(element);
  else next.prepend(element);
  return true;
}

function over(row, under, y) {
  const list = isModule(row) ? null : under.closest("[data-lessons]");
  const target = isModule(row) ? under.closest("[data-key^=m]") : under.closest("[data-key^=l]");
  if (target) putBeside(row, target, y);
  else if (list) list.append(row);
  else if (!isModule(row)) under.closest("[data-key^=m]")?.querySelector("[data-lessons]").prepend(row);
}

/** Only units at the ends have a button that can do nothing. */
function freshen() {
  const units = [...form.querySelectorAll("[data-key^=m]")];
  units.forEach((unit, place) => {
    const [up, down] = unit.querySelectorAll(":scope > .bar [name=move]");
    if (up) up.disabled = place === 0;
    if (down) down.disabled = place === units.length - 1;
  });
}

async function save() {
  freshen();
  const wanted = snapshot();
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("order", order());
  let answer = null;
  try {
    answer = await fetch(location.pathname, { method: "POST", body });
  } catch {
    // There is no connection: a message is shown below, and the rows go back.
  }
  if (answer?.ok) saved = wanted;
  else restore(saved);
  status.classList.toggle("visually-hidden", Boolean(answer?.ok));
  status.textContent = answer?.ok ? form.dataset.saved : answer?.status === 409 ? form.dataset.stale : form.dataset.failed;
}
