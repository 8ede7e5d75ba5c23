// A form is sent once: after the first time its buttons rest, until the answer or 15 seconds have come.
const REST = 15000;

export default function once(form) {
  let sent = false;
  let timer;
  const buttons = () => [...form.elements].filter((element) => element.type === "submit");

  function wake() {
    clearTimeout(timer);
    sent = false;
    form.removeAttribute("aria-busy");
    for (const button of buttons()) button.removeAttribute("aria-disabled");
  }

  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent = true;
    // Later than the other listeners: one of them may have stopped this sending, and sends by itself.
    setTimeout(() => {
      if (event.defaultPrevented && !form.matches("[hx-post]")) return wake();
      form.setAttribute("aria-busy", "true");
      for (const button of buttons()) button.setAttribute("aria-disabled", "true");
      timer = setTimeout(wake, REST);
    });
  }, { capture: true });
  form.addEventListener("htmx:afterRequest", wake);
  window.addEventListener("pageshow", wake);
}
