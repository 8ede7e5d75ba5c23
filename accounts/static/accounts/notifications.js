// Switches notices on and off for this phone: asks its owner, subscribes at the browser's push service, tells the server.
// The browser's state counts: a permission that was withdrawn in the browser is noticed at the next visit.
export default function notifications(card) {
  const { key, on, off, worker } = card.dataset;
  const state = card.querySelector("[data-state]");
  const buttons = [...card.querySelectorAll("[data-turn]")];
  const token = card.querySelector("[name=csrfmiddlewaretoken]").value;

  function show(name) {
    state.textContent = card.querySelector(`[data-text=${name}]`).textContent;
    for (const button of buttons) button.hidden = button.dataset.turn !== { on: "off", off: "on", failed: "on" }[name];
  }

  function post(url, fields) {
    const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token });
    return fetch(url, { method: "POST", body });
  }

  async function manager() {
    await navigator.serviceWorker.register(worker, { scope: "/" });
    return (await navigator.serviceWorker.ready).pushManager;
  }

  async function tell(subscription) {
    const { endpoint, keys } = subscription.toJSON();
    const answer = await post(on, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  }

  async function turnOn() {
    show("working");
    if ((await Notification.requestPermission()) !== "granted") return look();
    const found = await manager();
    await tell(await found.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    location.reload();
  }

  async function turnOff() {
    const subscription = await (await manager()).getSubscription();
    if (subscription) {
      await post(off, { endpoint: subscription.endpoint });
      await subscription.unsubscribe();
    }
    location.reload();
  }

  async function look() {
    if (document.documentElement.classList.contains("in-wechat")) return show("wechat");
    if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return show("unsupported");
    const registration = await navigator.serviceWorker.getRegistration("/");
    const subscription = await registration?.pushManager.getSubscription();
    const rows = [...document.querySelectorAll("[data-endpoint]")].map((row) => row.dataset.endpoint);
    if (Notification.permission === "denied") {
      // The permission was withdrawn in the browser: the server stops sending to this phone's subscription.
      if (subscription && rows.includes(subscription.endpoint)) await post(off, { endpoint: subscription.endpoint });
      return show("denied");
    }
    show(subscription && rows.includes(subscription.endpoint) ? "on" : "off");
  }

  for (const button of buttons) {
    const turn = button.dataset.turn === "on" ? turnOn : turnOff;
    button.addEventListener("click", () => turn().catch(() => show("failed")));
  }
  look().catch(() => show("failed"));
}
