// Lessons stored on this phone: files in Cache Storage, one cache a person, and a record of each lesson in IndexedDB.
// A record is written when every file of it is there; files from an interrupted try are not fetched again.
const TAG = "X-Kept-Tag"; // the version of the content, as named by the server
const TRIES = 4;
const PAUSE = 3000; // ms

export const isPossible = () => Boolean(window.isSecureContext && window.caches && navigator.serviceWorker && window.indexedDB);
export const room = async () => (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
export const sum = (list) => list.reduce((all, { bytes }) => all + bytes, 0);
// What is said over a film is stored with a film.
export const choose = (files, rendition) => files.filter(({ film }) => !film || /^\d+$/.test(rendition));
const openKept = (user) => caches.open(`farm-kept-${Number(user)}`);

export async function record(outbox, user, lesson) {
  return outbox.within("kept", "readonly", (store) => store.get([Number(user), Number(lesson)]));
}

export async function records(outbox, user) {
  const all = await outbox.within("kept", "readonly", (store) => store.getAll());
  return all.filter((one) => one.user === Number(user)).sort((one, other) => other.at - one.at);
}

// The files of a lesson, listed by the server. Throws {cause: "login" | "gone" | "offline"}.
export async function parts(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => failed("offline"));
  if (response.redirected) failed("login");
  if (response.status === 404) failed("gone");
  return response.ok ? response.json() : failed("offline");
}

function failed(cause) {
  throw new Error(cause, { cause });
}

// `report(bytes)` reports the progress. Throws; files already downloaded are used by the next try.
export async function save(outbox, user, lesson, rendition, { report, signal, token }) {
  await navigator.storage?.persist?.().catch(() => false);
  const cache = await openKept(user);
  const queue = [...choose(lesson.files, rendition), ...lesson.rungs.filter((one) => one.rung === rendition)];
  let before = 0;
  for (const file of queue) {
    const there = await cache.match(file.url);
    const known = there && !file.fresh && (there.headers.get(TAG) ?? "") === (file.tag ?? "");
    const response = known ? null : await (file.post ? posted(file, token, signal) : fetched(file, (got) => report(before + got), signal));
    if (response && file.fresh) queue.push(...named(await response.clone().text(), lesson, queue, rendition));
    if (response && !file.post) await cache.put(file.url, response);
    report((before += file.bytes));
  }
  const { title, lang, version, page, check } = lesson;
  const row = { user: Number(user), lesson: lesson.lesson, title, lang, version, page, check, rung: rendition, bytes: before, urls: queue.map(({ url }) => url), at: Date.now() };
  const old = await record(outbox, user, lesson.lesson);
  await outbox.within("kept", "readwrite", (store) => store.put(row));
  if (old) await sweep(outbox, user, old.urls);
  return row;
}

// What else a page or a paper needs: styles and scripts, pictures in one width, the poster and captions of a video.
function named(text, lesson, queue, rendition) {
  const found = [];
  const have = new Set(queue.map(({ url }) => stem(url)));
  for (const [, url] of text.matchAll(/["'\s](\/[\w/.-]+\.\w+(?:\?v=\w+)?|https?:\/\/[^"'\s]+\.webp)(?=["'\s#,\\])/g)) {
    const wanted = url.startsWith(lesson.static) || url.startsWith(lesson.media) || (rendition && url.startsWith(lesson.page) && !/\.(mp4|m4a)\b/.test(url));
    if (!wanted || have.has(stem(url))) continue;
    have.add(stem(url));
    found.push({ url, bytes: 0, fixed: !url.startsWith(lesson.page) });
  }
  return found;
}

const stem = (url) => url.replace(/-\d+\.webp$/, "");

export async function drop(outbox, user, row) {
  await outbox.within("kept", "readwrite", (store) => store.delete([row.user, row.lesson]));
  await sweep(outbox, user, row.urls);
}

// The pictures of a quiz's paper, and those of all papers that this person has on the phone, with answers or without.
export const pictures = ({ questions }) => questions.flatMap(({ html }) => [...new DOMParser().parseFromString(html, "text/html").images].map(({ src }) => src));

function papers(user) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(`paper:${Number(user)}:`));
  return names.map((name) => JSON.parse(localStorage.getItem(name))?.paper).filter((paper) => paper?.questions);
}

// Deletes those of these files that neither a kept lesson nor a stored paper of this person needs.
export async function sweep(outbox, user, urls) {
  const kept = (await records(outbox, user)).flatMap((one) => one.urls);
  const needed = new Set([...kept, ...papers(user).flatMap(pictures)].map((url) => new URL(url, location).href));
  const cache = await openKept(user);
  for (const url of urls) if (!needed.has(new URL(url, location).href)) await cache.delete(url);
  // The studio may be stored there too.
  if (!(await cache.keys()).length) await caches.delete(`farm-kept-${Number(user)}`);
}

// The server creates the paper of a quiz on request; it stays this person's open attempt. It is stored where quizpaper.js
// looks for it, unless the same paper lies there with answers.
async function posted(file, token, signal) {
  const response = await fetch(file.url, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, signal });
  if (!response.ok) return null;
  const paper = await response.clone().json();
  const there = JSON.parse(localStorage.getItem(file.shelf));
  if (there?.paper?.attempt !== paper.attempt) localStorage.setItem(file.shelf, JSON.stringify({ paper, given: {} }));
  return response;
}

// Returns one whole response, however often the connection breaks: only the missing rest is requested again.
async function fetched(file, report, signal) {
  let parts = [], got = 0, first;
  for (let tries = 1; ; tries += 1) {
    try {
      const headers = got ? { Range: `bytes=${got}-` } : {};
      const response = await fetch(file.url, { headers, signal, cache: file.fixed ? "default" : "reload" });
      if (!response.ok || (response.redirected && file.fresh)) failed(response.status === 404 ? "gone" : response.ok ? "login" : "offline");
      if (got && response.status !== 206) {
        parts = [];
        got = 0;
      }
      if (!got) first = response;
      for (const reader = response.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        report((got += value.length));
      }
      if (file.exact && got !== file.bytes) throw new TypeError("cut short");
      return dressed(new Blob(parts), first, file);
    } catch (error) {
      if (error.cause || signal.aborted || tries === TRIES) throw error;
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }
}

function dressed(body, response, file) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Range", "Vary"]) headers.delete(name);
  headers.set("Content-Length", body.size);
  if (file.tag) headers.set(TAG, file.tag);
  return new Response(body, { headers });
}
