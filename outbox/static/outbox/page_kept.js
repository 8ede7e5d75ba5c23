// Stores a copy of the page on this phone, for its owner only, so that it opens offline (outbox/service_worker.js).
//   <… data-user data-state>   "over" deletes the copy; "kept:renew" on the element stores the page as it is then
//   <… data-own><img …>        a picture of the owner's, at an address below the page's: stored with it once it was shown
const LATER = 1500;

export default function kept(root) {
  const { user, state } = root.dataset;
  if (!window.isSecureContext || !window.caches || !navigator.serviceWorker || !user) return;
  const name = `farm-kept-${Number(user)}`;
  let timer;
  const renew = () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(name, state === "over").catch(() => null), LATER);
  };
  root.addEventListener("kept:renew", renew);
  renew();
  const show = async ({ target }) => target.matches("[data-own] img") && store(await caches.open(name), target.currentSrc);
  if (state !== "over") document.addEventListener("load", (event) => show(event).catch(() => null), true);
}

async function keep(name, over) {
  const page = location.pathname;
  const cache = await caches.open(name);
  const shown = [...document.querySelectorAll("[data-own] img")];
  const items = shown.map((picture) => itemOf(picture.src));
  for (const { url } of await cache.keys()) {
    if (new URL(url).pathname.startsWith(`${page}items/`) && (over || !items.includes(itemOf(url)))) await cache.delete(url);
  }
  if (over) return void (await cache.delete(page));
  const answer = await fetch(page, { cache: "reload" });
  if (!answer.ok || answer.redirected) return;
  const headers = new Headers(answer.headers);
  headers.delete("Vary");
  const text = await answer.text();
  // Another person may have signed in meanwhile, in another tab: theirs is not stored as this one's.
  if (!text.includes(`data-user="${name.split("-").pop()}"`)) return;
  await cache.put(page, new Response(text, { headers }));
  const needed = performance.getEntriesByType("resource").map((one) => one.name).filter((url) => /\/static\/(live|media|outbox|programme|progress|rehearsals)\/[\w./-]+\.(js|css)/.test(url));
  for (const url of needed) await store(cache, url);
  for (const picture of shown) if (picture.complete && picture.naturalWidth) await store(cache, picture.currentSrc);
}

// One width of a picture is enough.
const itemOf = (url) => url.replace(/[^/]*$/, "");

async function store(cache, url) {
  const file = await fetch(url).catch(() => null);
  if (file?.ok && !file.redirected) await cache.put(url, file);
}
