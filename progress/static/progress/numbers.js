// The numbers on the tabs, kept up to date while the page is visible, and the block "等你办的" with them.
//   <nav data-url="/me/waiting/numbers/" data-etag='"abc"'> with <a data-tab="mine">, and <section data-waits="/me/waiting/?part=all">
// Polled every 20 seconds, less often while nothing changes, at once when the page becomes visible again.
const FIRST = 20_000;
const LONGEST = 320_000;
const PATIENCE = 8000;
const AT_LEAST = 2000;

export default function numbers(nav) {
  const { url } = nav.dataset;
  let { etag } = nav.dataset;
  let wait = FIRST;
  let [timer, asked] = [0, Date.now()];

  function plan() {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }

  async function ask() {
    if (document.hidden || navigator.onLine === false) return;
    asked = Date.now();
    const answer = await fetched(url, { headers: { "If-None-Match": etag } });
    if (answer?.status === 401 || answer?.redirected) return; // signed out elsewhere
    if (answer?.status === 200) {
      etag = answer.headers.get("ETag");
      wait = FIRST;
      const found = await answer.json().catch(() => null);
      if (found) show(nav, found);
      if (found) await renew(document.querySelector("[data-waits]"));
    } else wait = Math.min(wait * 2, LONGEST);
    plan();
  }

  function now() {
    wait = FIRST;
    clearTimeout(timer);
    ask();
  }

  const again = () => document.hidden || Date.now() - asked < AT_LEAST || now();

  plan();
  window.addEventListener("focus", again);
  window.addEventListener("online", again);
  window.addEventListener("pageshow", (event) => event.persisted && again());
  document.addEventListener("visibilitychange", again);
  window.addEventListener("farm:outbox", ({ detail }) => detail.sent?.length && now());
  window.addEventListener("farm:read", now);
}

function fetched(url, options) {
  const signal = AbortSignal.timeout?.(PATIENCE);
  return fetch(url, { ...options, signal, credentials: "same-origin" }).catch(() => null);
}

function show(nav, found) {
  for (const tab of nav.querySelectorAll("[data-tab]")) {
    const { n, words } = found[tab.dataset.tab] ?? {};
    tab.querySelectorAll("b, .sr").forEach((part) => part.remove());
    if (!n) continue;
    const [number, spoken] = [document.createElement("b"), document.createElement("span")];
    number.setAttribute("aria-hidden", "true");
    number.textContent = n;
    spoken.className = "sr";
    spoken.textContent = words;
    tab.append(number, spoken);
  }
}

// The element with the focus is not replaced, because somebody may be using it.
async function renew(block) {
  if (!block || block.contains(document.activeElement)) return;
  const answer = await fetched(block.dataset.waits);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-waits]");
  if (fresh && !block.contains(document.activeElement)) block.replaceWith(fresh);
}
