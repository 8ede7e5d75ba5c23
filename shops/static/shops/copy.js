/** Copies the text of the field named by data-from with one tap. Without a clipboard (plain HTTP, WeChat) it marks the
 * text and asks the browser the old way; if that fails too, the text stays marked, to be copied by hand. */
export default function copy(button) {
  const { from, copied } = button.dataset;
  const field = document.getElementById(from);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select();
      if (!document.execCommand("copy")) return;
    }
    const status = document.getElementById("said");
    status.className = "toast toast--float";
    status.textContent = copied;
    setTimeout(() => (status.className = "sr"), 4000);
  });
}
