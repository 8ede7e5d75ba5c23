// Prints the page; the button is shown only where this script runs.
export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
