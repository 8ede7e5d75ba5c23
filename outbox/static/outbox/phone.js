// What every page of a signed-in person does last: stores whose phone it is now, sends what waits, shows what is left.
// On a page without a signed-in person it only removes the name, so that nothing stored here opens for the next person.
const THANKS = "farm:receipt";
const SOON = 1500; // ms

export default async function phone(script) {
  const { user, phone: url, worker } = script.dataset;
  const outbox = await import(url);
  const before = await outbox.note("who").catch(() => null);
  await outbox.setNote("who", user ? Number(user) : 0).catch(() => null);
  if (!user) return;
  // The service worker downloads files: it is not registered on a person's first page, unless a lesson must be saved.
  if (before === Number(user)) serve(worker);
  else window.addEventListener("farm:keep", () => serve(worker), { once: true });
  const strip = document.getElementById("waiting");
  const show = async (report = {}) => draw(strip, await outbox.count(user), report);
  let soon;
  window.addEventListener("farm:outbox", ({ detail }) => {
    // Just added: with a connection it is sent before anybody could read that it waits.
    if (detail.sent.length || detail.problem) return show(detail).catch(() => null);
    clearTimeout(soon);
    soon = setTimeout(outbox.send, SOON);
  });
  window.addEventListener("online", outbox.send);
  document.addEventListener("visibilitychange", () => document.hidden || outbox.send());
  await moved(outbox, user);
  if (!(await outbox.count(user).catch(() => 0))) return thank(show);
  await show();
  const { sent, receipt } = await outbox.send();
  // A page that counts finished lessons was rendered before these events arrived.
  if (!sent.length || !document.querySelector("[data-counts]")) return;
  sessionStorage.setItem(THANKS, receipt);
  location.reload();
}

function thank(show) {
  const receipt = sessionStorage.getItem(THANKS);
  sessionStorage.removeItem(THANKS);
  if (receipt) show({ receipt, isNew: true });
}

async function serve(url) {
  if (!navigator.serviceWorker) return;
  const { active } = await navigator.serviceWorker.register(url, { scope: "/" }).catch(() => ({}));
  active?.postMessage({ lang: document.documentElement.lang });
}

// Shows the receipt only for events that were shown as waiting, not for those sent at once.
function draw(strip, left, { problem, receipt, isNew }) {
  if (!strip) return;
  const { left: some, login, receipt: thanks } = strip.dataset;
  const text = left ? (problem === "login" ? login : some).replace("{n}", left) : receipt && (isNew || !strip.hidden) ? thanks.replace("{receipt}", receipt) : "";
  strip.hidden = !text;
  strip.classList.toggle("note--ask", left > 0);
  strip.classList.toggle("note--leaf", !left);
  strip.querySelector("[data-text]").textContent = text;
  strip.querySelector("[data-login]").hidden = !left || problem !== "login";
  strip.querySelector("[data-look]").hidden = !left || problem === "login";
}

// Before the outbox existed, finished lessons were stored in localStorage under their address.
async function moved(outbox, user) {
  const key = `done:${user}`;
  try {
    const old = Object.entries(JSON.parse(localStorage.getItem(key)) ?? {});
    for (const [address, { event_id: id, happened_at: at }] of old) {
      const lesson = Number(address.match(/lessons\/(\d+)\//)?.[1]);
      if (lesson) await outbox.add(user, "done", { lesson }, at, id);
    }
    localStorage.removeItem(key);
  } catch { /* nothing readable there, or nothing can be kept: it stays where it is */ }
}
