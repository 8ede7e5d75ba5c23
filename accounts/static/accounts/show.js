// Shows a typed password; the button is shown only where this script runs.
export default function show(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.setAttribute("aria-controls", input.id);
  (input.closest(".unit") ?? input).after(button);

  function set(visible) {
    input.type = visible ? "text" : "password";
    input.spellcheck = false;
    button.textContent = visible ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-pressed", String(visible));
  }

  button.addEventListener("click", () => set(input.type === "password"));
  // Sent as a password, so that the browser offers to keep it.
  input.form?.addEventListener("submit", () => set(false));
  set(false);
}
