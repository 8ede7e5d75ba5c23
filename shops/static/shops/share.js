// Shares the page's URL: by the phone's own share sheet, else the clipboard, else as text to copy by hand.
export default function share(button) {
  const { title, url, copied } = button.dataset;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (navigator.share) {
      await navigator.share({ title, url }).catch(() => {}); // closed again without choosing
      return;
    }
    try {
      await navigator.clipboard.writeText(url);
      say(copied);
    } catch {
      window.prompt(title, url); // no clipboard over plain HTTP, nor in WeChat
    }
  });
}

function say(text) {
  const status = document.getElementById("status");
  status.className = "toast toast--float";
  status.textContent = text;
  setTimeout(() => (status.className = "sr"), 4000);
}
