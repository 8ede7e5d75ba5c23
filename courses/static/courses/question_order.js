// Steps are put in order on the phone by the same ↑ ↓ buttons, without a request; they are easier for a thumb
// than dragging. The order of the list when the form is sent is the answer.
export default function order(list) {
  function number() {
    const rows = [...list.children];
    rows.forEach((row, at) => {
      row.querySelector("[data-place]").textContent = at + 1;
      const [up, down] = row.querySelectorAll("button");
      up.disabled = at === 0;
      down.disabled = at === rows.length - 1;
    });
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const up = button.value.endsWith(":up");
    const neighbour = up ? row.previousElementSibling : row.nextElementSibling;
    if (!neighbour) return;
    if (up) neighbour.before(row);
    else neighbour.after(row);
    number();
    const stays = button.disabled ? row.querySelector("button:not(:disabled)") : button;
    stays.focus();
    const line = document.getElementById("status");
    if (line) line.textContent = `${row.querySelector("[data-place]").textContent} ${row.querySelector(".grow").textContent}`;
  });
}
