// Stores a copy of the page on this phone, for its owner only, so that it opens offline (outbox/service_worker.js).
//   <… data-user data-state>   "over" deletes the copy; "kept:renew" on the element stores the page as it is then
const LATER = 1500;

export default function kept(root) {
  const { user, state } = root.dataset;
  if (!window.isSecureContext || !window.caches || !navigator.serviceWorker || !user) return;
  let timer;
  const renew = () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(`farm-kept-${Number(user)}`, state === "over").catch(() => null), LATER);
  };
  root.addEventListener("kept:renew", renew);
  renew();
}

async function keep(name, over) {
  const page = location.pathname;
  if (over) return void (await (await caches.open(name)).delete(page));
  const answer = await fetch(page, { cache: "reload" });
  if (!answer.ok || answer.redirected) return;
  const headers = new Headers(answer.headers);
  headers.delete("Vary");
  const cache = await caches.open(name);
  await cache.put(page, new Response(await answer.blob(), { headers }));
  const needed = performance.getEntriesByType("resource").map((one) => one.name).filter((url) => /\/static\/(live|media|outbox|programme|progress|rehearsals)\/[\w./-]+\.(js|css)/.test(url));
  for (const url of needed) {
    const file = await fetch(url).catch(() => null);
    if (file?.ok) await cache.put(url, file);
  }
}
