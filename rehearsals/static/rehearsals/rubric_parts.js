// The rows of a rubric in a form: one tap on a row marks all its lines, a tap on a line marks only that line.
//   <form> with [data-part], each with radios [data-whole] of the row and [data-line] of its lines; by a line,
//   [data-level] explains each level; [data-mixed] is shown if the lines differ
const lines = (part) => [...part.querySelectorAll("[data-line]")];

function whole(part, level) {
  for (const each of lines(part)) each.checked = each.value === level;
  for (const each of part.querySelectorAll("[data-level]")) each.hidden = each.dataset.level !== level;
  mixed(part);
}

export function single(part, input) {
  const own = input.closest("fieldset");
  for (const each of own.querySelectorAll("[data-level]")) each.hidden = each.dataset.level !== input.value;
  const given = levels(part);
  for (const each of part.querySelectorAll("[data-whole]")) each.checked = given.size === 1 && given.has(each.value);
  mixed(part);
}

// Takes the mark of one line away.
export function unmark(part, line) {
  for (const each of line.querySelectorAll("[data-line]")) each.checked = false;
  for (const each of line.querySelectorAll("[data-level]")) each.hidden = true;
  for (const each of part.querySelectorAll("[data-whole]")) each.checked = false;
  mixed(part);
}

// The marks of its lines; undefined for a line without a mark.
export const levels = (part) => new Set([...part.querySelectorAll(".lines fieldset")].map((one) => one.querySelector("[data-line]:checked")?.value));

function mixed(part) {
  const given = levels(part);
  const note = part.querySelector("[data-mixed]");
  if (note) note.hidden = given.size < 2 || given.has(undefined);
}

// Gives this level to every line without a mark, and to nothing else.
export function rest(form, level) {
  for (const part of form.querySelectorAll("[data-part]")) {
    for (const line of part.querySelectorAll(".lines fieldset")) {
      if (line.querySelector("[data-line]:checked")) continue;
      const input = line.querySelector(`[data-line][value=${level}]`);
      input.checked = true;
      single(part, input);
    }
  }
}

export default function parts(form) {
  // A row that was rendered with a mark as a whole: its lines get that mark too.
  for (const row of form.querySelectorAll("[data-whole]:checked")) {
    for (const line of row.closest("[data-part]").querySelectorAll(".lines fieldset")) {
      if (!line.querySelector("[data-line]:checked")) line.querySelector(`[data-line][value=${row.value}]`).checked = true;
    }
  }
  form.addEventListener("change", ({ target }) => {
    const part = target.closest("[data-part]");
    if (target.matches("[data-whole]")) whole(part, target.value);
    if (target.matches("[data-line]")) single(part, target);
  });
}
