/** The button that opens the browser's own print window; hidden where there is no script to press it. */
export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
