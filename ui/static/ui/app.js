// Entry script: binds modules, fetches htmx if needed, announces changes.
const script = document.querySelector("script[data-htmx]");
const htmxUrl = script?.dataset.htmx;
const status = document.getElementById("status");
const bound = new WeakMap();
let focusWasInside = false;
let spoken = false;

// WeChat cannot record or download: pages show how to open them in a browser.
if (/MicroMessenger/i.test(navigator.userAgent)) document.documentElement.classList.add("in-wechat");

// A page that comes back after another user signed in reloads.
const { user, phone } = script?.dataset ?? {};
const [page] = performance.getEntriesByType("navigation");
const cameBack = page?.type === "back_forward";
const owner = () => { try { return localStorage.getItem("farm:user") ?? ""; } catch { return user; } };

function guard() {
  if (!user || owner() === user) return;
  document.documentElement.hidden = true;
  location.reload();
}

function greet() {
  const before = owner();
  if (user === undefined || (cameBack && before !== user)) return guard();
  try {
    if (user) localStorage.setItem("farm:user", user);
    else localStorage.removeItem("farm:user");
  } catch { /* no storage */ }
  if (phone && (user || before)) import(phone).then((module) => module.default(script));
}

window.addEventListener("pageshow", (event) => event.persisted && guard());
window.addEventListener("storage", guard);

// data-module="url url#name": calls the default or named export once with the element.
function bind(root) {
  const found = [...root.querySelectorAll("[data-module]")];
  if (root.matches?.("[data-module]")) found.unshift(root);
  for (const element of found) {
    const done = bound.get(element) ?? bound.set(element, new Set()).get(element);
    for (const url of element.dataset.module.split(/\s+/).filter((url) => url && !done.has(url))) {
      done.add(url);
      const [file, name = "default"] = url.split("#");
      import(file).then((module) => module[name](element));
    }
  }
}

function say(text, shown = false) {
  if (!status || !text) return;
  status.className = shown ? "toast toast--float" : "sr";
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 50);
  if (shown) setTimeout(() => (status.className = "sr"), 6000);
}

// Parts revealed by scrolling need htmx only then.
function needHtmx() {
  const parts = [...document.querySelectorAll("[hx-get],[hx-post]")];
  if (!htmxUrl || !parts.length) return;
  if (!parts.every((part) => part.matches("[hx-trigger=revealed]"))) return fetchHtmx();
  const near = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) near.disconnect(fetchHtmx());
  }, { rootMargin: "0px 0px 300px" });
  parts.forEach((part) => near.observe(part));
}

function fetchHtmx() {
  const [settings, script] = [document.createElement("meta"), document.createElement("script")];
  settings.name = "htmx-config"; // read before onload
  settings.content = JSON.stringify({
    includeIndicatorStyles: false, allowEval: false, historyCacheSize: 0, refreshOnHistoryMiss: true, timeout: 20000,
    responseHandling: [{ code: "204", swap: false }, { code: "[23]..", swap: true }, { code: "422", swap: true }, { code: "[45]..", swap: false, error: true }],
  });
  script.src = htmxUrl;
  script.onload = () => {
    // Between parsing and loading, htmx waits for an event that is over.
    if (page?.domContentLoadedEventStart && document.readyState !== "complete") document.dispatchEvent(new Event("DOMContentLoaded"));
  };
  document.head.append(settings, script);
}

document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
document.addEventListener("htmx:beforeSwap", (event) => {
  focusWasInside = event.detail.target.contains(document.activeElement);
  spoken = false;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.triggeringEvent?.type === "revealed" && !focusWasInside) return;
  const fresh = event.detail.elt;
  const words = fresh.matches("[data-say]") ? fresh : fresh.querySelector("[data-say]");
  if (words || !spoken) say(words?.dataset.say || status?.dataset.changed);
  spoken = true;
  if (!focusWasInside || document.activeElement !== document.body) return;
  focusWasInside = false;
  const next = fresh.querySelector("[autofocus],[data-focus]") ?? fresh;
  if (next.tabIndex < 0) next.tabIndex = -1;
  next.focus({ preventScroll: true });
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => say(status?.dataset.failed, true));
}

greet();
bind(document);
needHtmx();
const toast = document.querySelector(".toasts");
if (toast) say(toast.textContent.trim());
