// The studio opens without a line too: its page and scripts are laid where the worker looks for what is kept.
export async function shelve(user) {
  if (!window.caches || !navigator.serviceWorker?.controller) return;
  try {
    const shelf = await caches.open(`farm-kept-${user}`);
    const page = await fetch(location.href, { cache: "no-store" });
    if (!page.ok || page.redirected) return;
    const text = await page.clone().text();
    await shelf.put(location.pathname, page);
    const base = new URL(import.meta.url).pathname.split("/progress/")[0];
    const named = new Set([...text.matchAll(/["'](\/[\w/.-]+\.(?:js|css|svg))(?=["'#])/g)].map(([, url]) => url));
    for (const url of named) {
      if (!url.startsWith(base) || (await shelf.match(url))) continue;
      const file = await fetch(url);
      if (file.ok) await shelf.put(url, file);
    }
  } catch { /* a full phone: then a reload needs the line */ }
}
