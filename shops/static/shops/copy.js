// Copies what stands beside it, for a courier's form; without a clipboard (plain HTTP) it is shown to copy by hand.
export default function copy(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.dataset.text;
    try {
      await navigator.clipboard.writeText(text);
      document.getElementById("said").textContent = button.dataset.copied;
      button.querySelector("span").textContent = button.dataset.copied;
    } catch {
      window.prompt(button.dataset.title, text);
    }
  });
}
