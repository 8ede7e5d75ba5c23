// A course's outline: rows dragged by their grip (mouse, pen or finger) or moved with the arrow keys.
// The order is sent whole, by one POST; without this script the ↑ ↓ buttons do the same, one step at a time.

const form = document.querySelector("[data-outline]");
const said = form.querySelector("[data-said]");
const edge = 60;
let saved = snapshot();
let row = null;

for (const grip of form.querySelectorAll("[data-grip]")) {
  grip.hidden = false;
  grip.addEventListener("pointerdown", lift);
  grip.addEventListener("keydown", step);
}
// The buttons work without a page load, and the focus stays on the one that was pressed.
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
  const beside = up ? element.previousElementSibling : element.nextElementSibling;
  if (beside) {
    up ? beside.before(element) : beside.after(element);
    return true;
  }
  if (isModule(element)) return false;
  const all = lists();
  const next = all[all.indexOf(element.parentElement) + (up ? -1 : 1)];
  if (!next) return false;
  up ? next.append(element) : next.prepend(element);
  return true;
}

function step(event) {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  event.preventDefault();
  const grip = event.currentTarget;
  if (nudge(grip.closest("[data-key]"), event.key === "ArrowUp")) save();
  grip.focus();
}

function lift(event) {
  if (event.button) return;
  event.preventDefault();
  row = event.currentTarget.closest("[data-key]");
  row.classList.add("lifted");
  // On the document: a grip that moves with its row through the page stops hearing of the pointer.
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
}

function drag(event) {
  if (event.clientY < edge) scrollBy(0, -12);
  if (event.clientY > innerHeight - edge) scrollBy(0, 12);
  const under = document.elementFromPoint(event.clientX, event.clientY);
  if (!under || row.contains(under)) return;
  const list = isModule(row) ? null : under.closest("[data-lessons]");
  const target = isModule(row) ? under.closest("[data-key^=m]") : under.closest("[data-key^=l]");
  if (target) {
    const box = target.getBoundingClientRect();
    event.clientY < box.top + box.height / 2 ? target.before(row) : target.after(row);
  } else if (list) {
    list.append(row);
  } else if (!isModule(row)) {
    under.closest("[data-key^=m]")?.querySelector("[data-lessons]").prepend(row);
  }
}

function drop() {
  document.removeEventListener("pointermove", drag);
  document.removeEventListener("pointerup", drop);
  document.removeEventListener("pointercancel", drop);
  row.classList.remove("lifted");
  row = null;
  save();
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
    // The line is down: told below, and the rows go back.
  }
  if (answer?.ok) saved = wanted;
  else restore(saved);
  said.classList.toggle("visually-hidden", Boolean(answer?.ok));
  said.textContent = answer?.ok ? form.dataset.saved : answer?.status === 409 ? form.dataset.stale : form.dataset.failed;
}
