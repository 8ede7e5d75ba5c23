// A form whose answer takes long: it is sent once, and the page shows that the work is in progress.
//   <form data-waits="words"> … <p role="status" data-waits-status></p>
for (const form of document.querySelectorAll("form[data-waits]")) {
  const status = form.querySelector("[data-waits-status]");
  const buttons = () => [...form.querySelectorAll("input[type=submit], button:not([type=button])")];
  const rest = (sent) => {
    for (const [part, name] of [[form, "aria-busy"], ...buttons().map((button) => [button, "aria-disabled"])]) {
      if (sent) part.setAttribute(name, "true");
      else part.removeAttribute(name);
    }
    status.textContent = sent ? form.dataset.waits : "";
  };
  form.addEventListener("submit", (event) => (form.hasAttribute("aria-busy") ? event.preventDefault() : rest(true)));
  window.addEventListener("pageshow", () => rest(false));
}
