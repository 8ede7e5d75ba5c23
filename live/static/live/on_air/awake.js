// Keeps the screen on while somebody reads from it; shows a message on phones that cannot.
let lock = null;
let wanted = false;

export default async function awake(root, on) {
  wanted = on;
  const dim = root.querySelector("[data-dim]");
  if (!navigator.wakeLock) {
    if (dim) dim.hidden = !on;
    return;
  }
  if (on && !lock) await take();
  if (!wanted && lock) await lock.release();
}

async function take() {
  lock = await navigator.wakeLock.request("screen").catch(() => null);
  lock?.addEventListener("release", () => (lock = null));
}

document.addEventListener("visibilitychange", () => wanted && !lock && !document.hidden && take());
