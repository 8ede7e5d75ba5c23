// Rows moved by their grip (mouse, pen or finger) or by the arrow keys on it. The caller decides where a row may go:
//   draggable(root, { rows: selector, step(row, up) → whether it moved, over(row, under, y), save() })
const EDGE = 70, SCROLL = 12; // px

export function draggable(root, { rows, step, over, save }) {
  let row = null;

  for (const grip of root.querySelectorAll("[data-grip]")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", lift);
    grip.addEventListener("keydown", press);
  }

  function press(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const grip = event.currentTarget;
    if (step(grip.closest(rows), event.key === "ArrowUp")) save();
    grip.focus();
  }

  function lift(event) {
    if (event.button) return;
    event.preventDefault();
    row = event.currentTarget.closest(rows);
    row.classList.add("lifted");
    // Listens on the document: a handle that moves with its row no longer receives pointer events.
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", drop);
  }

  function drag(event) {
    if (event.clientY < EDGE) scrollBy(0, -SCROLL);
    if (event.clientY > innerHeight - EDGE) scrollBy(0, SCROLL);
    const under = document.elementFromPoint(event.clientX, event.clientY);
    if (under && !row.contains(under)) over(row, under, event.clientY);
  }

  function drop() {
    document.removeEventListener("pointermove", drag);
    document.removeEventListener("pointerup", drop);
    document.removeEventListener("pointercancel", drop);
    row.classList.remove("lifted");
    row = null;
    save();
  }
}

// Moves the row past its neighbour; false if there is none.
export function swap(row, up) {
  const neighbour = up ? row.previousElementSibling : row.nextElementSibling;
  if (neighbour && up) neighbour.before(row);
  else neighbour?.after(row);
  return Boolean(neighbour);
}

// Before or after the row under the pointer, depending on which half of it the pointer is over.
export function putBeside(row, target, y) {
  const box = target.getBoundingClientRect();
  if (y < box.top + box.height / 2) target.before(row);
  else target.after(row);
}
