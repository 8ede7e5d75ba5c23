// A form is sent once: after the first time its buttons are disabled, until the answer arrives or 15 seconds have passed.
// A form with data-download is answered by a file, for which the page stays and of which it learns nothing: 3 seconds.
const [REST, DOWNLOAD_REST] = [15000, 3000];

export default function once(form) {
  let sent = null; // the submit that counts
  let timer;
  const buttons = () => [...form.elements].filter((element) => element.type === "submit");

  // Another listener stopped this submit (a photo is still being sent) and submits again by itself, at any moment.
  const stopped = (event) => event.defaultPrevented && !form.matches("[hx-post]");

  function wake() {
    clearTimeout(timer);
    sent = null;
    form.removeAttribute("aria-busy");
    for (const button of buttons()) button.removeAttribute("aria-disabled");
  }

  form.addEventListener("submit", (event) => {
    if (sent && !stopped(sent)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent = event;
    setTimeout(() => { // later than the other listeners
      if (sent !== event) return;
      if (stopped(event)) return wake();
      form.setAttribute("aria-busy", "true");
      for (const button of buttons()) button.setAttribute("aria-disabled", "true");
      timer = setTimeout(wake, "download" in form.dataset ? DOWNLOAD_REST : REST);
    });
  }, { capture: true });
  form.addEventListener("htmx:afterRequest", wake);
  window.addEventListener("pageshow", wake);
}
