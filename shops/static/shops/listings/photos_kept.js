// Tells the server which photos this form has, so that they are still there if the phone drops the page.
const WAIT = 400;

export default function photosKept(root) {
  const form = root.closest("form");
  const shots = form.querySelector("[data-shots]");
  const keys = () => [...shots.querySelectorAll('[data-shot] input[type="hidden"]:enabled')].map((each) => each.value);
  let sent = keys().join();
  let timer;

  function send() {
    const now = keys();
    if (now.join() === sent) return;
    sent = now.join();
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "key"]) body.append(name, form.elements[name].value);
    body.append("do", "photos");
    now.forEach((key) => body.append("photos", key));
    fetch(form.action, { method: "POST", body, keepalive: true }).catch(() => (sent = null));
  }

  new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(send, WAIT);
  }).observe(shots, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled", "value"] });
}
