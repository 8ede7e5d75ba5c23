// A form whose answer takes long: it is sent once, and the page shows that the work is in progress.
//   <form data-waits="words"> … <p role="status" data-waits-said></p>
for (const form of document.querySelectorAll("form[data-waits]")) {
  const said = form.querySelector("[data-waits-said]");
  const buttons = () => [...form.querySelectorAll("input[type=submit], button:not([type=button])")];
  const rest = (sent) => {
    for (const [part, name] of [[form, "aria-busy"], ...buttons().map((button) => [button, "aria-disabled"])]) {
      if (sent) part.setAttribute(name, "true");
      else part.removeAttribute(name);
    }
    said.textContent = sent ? form.dataset.waits : "";
  };
  form.addEventListener("submit", (event) => (form.hasAttribute("aria-busy") ? event.preventDefault() : rest(true)));
  window.addEventListener("pageshow", () => rest(false));
}
