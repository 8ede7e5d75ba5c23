// The service worker: what is stored on this phone opens offline, and only for its owner.
// /sw.js sets self.FARM and loads this. Pages write who is signed in into IndexedDB ("farm", notes, "who"); without a
// name, or with another one, nothing stored is given out, though it stays on the disk for its owner.
const FARM = self.FARM;
const SHELL = `farm-shell-${FARM.release}`, FIXED = `farm-fixed-${FARM.release}`;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const PRIVATE = /^\/learn\/(lessons\/\d+\/(v\w+\/|captions\.vtt)|tasks\/\d+\/items\/\d+\/photo-)/;
// Photos of a stored lesson keep the URL that they had.
const PHOTO = /\/photos\/[0-9a-f]{2}\/[0-9a-f]{32}-\d+\.webp$/;
let held = {}; // the body of the video that is playing: a player requests it range by range

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(shell());
});
self.addEventListener("activate", (event) => event.waitUntil(settle()));
self.addEventListener("message", (event) => event.data?.lang && event.waitUntil(speak(event.data.lang)));
self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const ours = origin === location.origin;
  if (request.method === "POST") {
    if (ours && pathname === FARM.logout) event.respondWith(leave(request));
    // A form sent offline shows a page of ours; "again" or "back" keeps what was typed.
    else if (ours && request.mode === "navigate") event.respondWith(fetch(request).catch(away));
  } else if (request.method !== "GET" || request.cache === "reload") return;
  else if (request.mode === "navigate") event.respondWith(page(event));
  else if (ours && pathname.startsWith(FARM.static)) event.respondWith(fixed(request));
  else if (request.url.startsWith(new URL(FARM.media, location)) || PHOTO.test(pathname) || (ours && PRIVATE.test(pathname))) event.respondWith(file(request));
});

async function shell() {
  const cache = await caches.open(SHELL);
  await cache.addAll(FARM.shell);
  await cache.put(FARM.offline, await whole(FARM.offline));
}

// The offline page is in the language of the current reader.
async function speak(lang) {
  const cache = await caches.open(SHELL);
  const copy = await (await cache.match(FARM.offline))?.text();
  if (!copy?.includes(`<html lang="${lang}">`)) await cache.put(FARM.offline, await whole(FARM.offline));
}

async function whole(url) {
  const response = await fetch(url, { cache: "reload" });
  if (!response.ok) throw new Error(`${url} ${response.status}`);
  return response;
}

async function settle() {
  for (const name of await caches.keys()) {
    if (/^farm-(shell|fixed)-/.test(name) && ![SHELL, FIXED].includes(name)) await caches.delete(name);
  }
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// --- who is signed in

function notes(mode, work) {
  return new Promise((done) => {
    const ask = indexedDB.open("farm");
    ask.onupgradeneeded = () => ask.transaction.abort(); // the pages create it
    ask.onerror = () => done(0);
    ask.onsuccess = () => {
      const change = ask.result.transaction("notes", mode);
      const asked = work(change.objectStore("notes"));
      change.oncomplete = () => (ask.result.close(), done(asked.result));
      change.onabort = () => (ask.result.close(), done(0));
    };
  });
}

async function openKept() {
  const who = await notes("readonly", (store) => store.get("who"));
  const name = `farm-kept-${who}`;
  return who && (await caches.has(name)) ? caches.open(name) : null;
}

// Signing out locks the stored pages before the server has answered, and also when it cannot be reached.
async function leave(request) {
  await notes("readwrite", (store) => store.put(0, "who"));
  held = {};
  // The next person to sign in must not read the last person's notices; the push service informs the server.
  await (await self.registration.pushManager?.getSubscription())?.unsubscribe().catch(() => null);
  return fetch(request).catch(away);
}

const away = async () => (await caches.match(FARM.offline)) ?? Response.error();

// --- notices

// A browser requires a notice for every message. A message for another person is not shown on this phone.
async function show(data) {
  const message = await Promise.resolve(data?.json()).catch(() => null);
  const who = await notes("readonly", (store) => store.get("who"));
  const mine = message && String(who) === message.user;
  const url = mine && /^\/(?!\/)/.test(message.url) ? message.url : "/";
  await self.registration.showNotification((mine && message.title) || FARM.name, {
    body: mine ? message.body : FARM.news,
    tag: message?.tag,
    icon: FARM.icon,
    data: url,
  });
}

async function open(url) {
  for (const tab of await self.clients.matchAll({ type: "window" })) {
    if (new URL(tab.url).pathname === url) return tab.focus();
  }
  return self.clients.openWindow(url);
}

// --- pages

async function page(event) {
  const live = (async () => (await event.preloadResponse) ?? fetch(event.request))().catch(() => null);
  const path = new URL(event.request.url).pathname;
  const copy = await (await openKept())?.match(path);
  if (!copy) return (await live) ?? away();
  const patience = new Promise((done) => setTimeout(done, FARM.patience));
  const first = await Promise.race([live, patience]);
  if (first && first.status < 500) return first;
  return (await (await openKept())?.match(path)) ?? (await live) ?? away();
}

// --- files

async function fixed(request) {
  const known = HASHED.test(new URL(request.url).pathname);
  const copy = await caches.match(request.url, { ignoreVary: true });
  if (known && copy) return copy;
  const fresh = await fetch(request).catch(() => null);
  if (known && fresh?.ok) (await caches.open(FIXED)).put(request.url, fresh.clone());
  return fresh ?? copy ?? Response.error();
}

// A stored photo of another width, or a stored video of another quality, is better than none.
async function file(request) {
  const cache = await openKept();
  const found = await cache?.match(request.url);
  if (found) return ranged(request, found);
  const fresh = await fetch(request).catch(() => null);
  if (fresh || !cache) return fresh ?? Response.error();
  const { origin, pathname } = new URL(request.url);
  const [stem, ending] = [origin + pathname.replace(/(-\d+)?[^/-]*$/, ""), pathname.split(".").pop()];
  const fits = new RegExp(`\\.(${ending}${ending === "mp4" ? "|m4a" : ""})(\\?|$)`);
  const near = (await cache.keys()).find(({ url }) => url.startsWith(stem) && fits.test(url));
  return near ? ranged(request, await cache.match(near)) : Response.error();
}

async function ranged(request, response) {
  const asked = request.headers.get("Range")?.match(/^bytes=(\d*)-(\d*)$/);
  if (!asked || asked[1] + asked[2] === "") return response;
  const key = `${request.url} ${response.headers.get("X-Kept-Tag")}`;
  if (held.key !== key) held = { key, body: response.blob() };
  const body = await held.body;
  const size = body.size;
  const from = asked[1] ? Number(asked[1]) : Math.max(0, size - Number(asked[2]));
  const to = asked[1] && asked[2] ? Math.min(Number(asked[2]), size - 1) : size - 1;
  if (from > to) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${size}` } });
  const headers = { "Content-Type": response.headers.get("Content-Type"), "Accept-Ranges": "bytes", "Content-Length": to - from + 1, "Content-Range": `bytes ${from}-${to}/${size}` };
  return new Response(body.slice(from, to + 1), { status: 206, headers });
}
