// Copies a text by one tap: the value of the field named by data-from, or data-text. Without a clipboard (plain HTTP,
// WeChat) the text is selected and copied by execCommand; if that fails too, it stays selected or is shown to copy by hand.
export default function copy(button) {
  const { from, text, title, copied } = button.dataset;
  const field = from ? document.getElementById(from) : null;

  function byHand() {
    if (!field) return window.prompt(title, text) === undefined;
    field.select();
    return document.execCommand("copy");
  }

  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard?.writeText(field ? field.value : text).then(() => true, () => false);
    if (!done && !byHand()) return;
    const status = document.getElementById("status");
    status.className = "toast toast--float";
    status.textContent = copied;
    setTimeout(() => (status.className = "sr"), 4000);
  });
}
