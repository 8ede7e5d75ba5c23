// Lets the studio open offline: its page and scripts are stored where the service worker looks for stored pages.
const NAMED = /["'](\/[\w/.-]+\.(?:js|css|svg))(?=["'#])/g, BESIDE = /from "(\.\/[\w.-]+\.js)"/g;

export async function cacheStudio(user) {
  if (!window.caches || !navigator.serviceWorker?.controller) return;
  try {
    const cache = await caches.open(`farm-kept-${user}`);
    const page = await fetch(location.href, { cache: "no-store" });
    if (!page.ok || page.redirected) return;
    const text = await page.clone().text();
    const base = new URL(import.meta.url).pathname.split("/progress/")[0];
    const urls = new Set([...text.matchAll(NAMED)].map(([, url]) => url).filter((url) => url.startsWith(base)));
    for (const url of urls) {
      const file = (await cache.match(url)) ?? (await fetch(url));
      if (!file.ok) continue;
      await cache.put(url, file.clone());
      // Files that a module imports; the set grows during the loop.
      if (url.endsWith(".js")) for (const [, name] of (await file.text()).matchAll(BESIDE)) urls.add(new URL(name, new URL(url, location)).pathname);
    }
    await cache.put(location.pathname, page);
  } catch { /* a full phone: then a reload needs the line */ }
}
