// Shares a text of the page: by the phone's own share sheet, else the clipboard, else as text to copy by hand.
export default function shareWords(button) {
  const { from, title, copied } = button.dataset;
  const text = document.getElementById(from).textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (navigator.share) {
      await navigator.share({ title, text }).catch(() => {}); // closed again without choosing
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
      const status = document.getElementById("status");
      status.className = "toast toast--float";
      status.textContent = copied;
      setTimeout(() => (status.className = "sr"), 4000);
    } catch {
      window.prompt(title, text); // no clipboard over plain HTTP, nor in WeChat
    }
  });
}
