// What is done on this phone waits here, in IndexedDB, until the server has named it in an answer.
//   add(user, kind, body, at) → id     send() → {sent, receipt, problem}     count(user) → how many wait
// `user` is its owner: on a shared phone no event is sent under another person's name.
// Events are facts with an id made here, so sending one twice (a lost answer, two tabs, two phones) is harmless.
const SYNC = "/sync/", MOST = 50, ZIP_FROM = 1500; // events in a batch; characters worth zipping
const PATIENCE = 20000, FIRST_WAIT = 5000, LONGEST_WAIT = 300000; // ms
const LEASE = 60000; // ms for which a tab keeps the others from sending, where there are no locks
let opened, running, next, timer, misses = 0;

export function open() {
  opened ??= new Promise((done, fail) => {
    const ask = indexedDB.open("farm", 1);
    ask.onupgradeneeded = () => {
      ask.result.createObjectStore("outbox", { keyPath: "id" }).createIndex("user", "user");
      ask.result.createObjectStore("kept", { keyPath: ["user", "lesson"] });
      ask.result.createObjectStore("notes");
    };
    ask.onerror = () => fail(ask.error);
    ask.onsuccess = () => done(ask.result);
  });
  opened.then((base) => (base.onclose = base.onversionchange = () => (base.close(), (opened = undefined))), () => (opened = undefined));
  return opened;
}

// One transaction on one store; resolves with the result of `work` when it is on the disk.
export async function within(store, mode, work) {
  const base = await open();
  return new Promise((done, fail) => {
    const change = base.transaction(store, mode, { durability: "strict" });
    const asked = work(change.objectStore(store));
    change.oncomplete = () => done(asked?.result);
    change.onabort = () => fail(change.error ?? new Error("aborted"));
  });
}

export const note = (key) => within("notes", "readonly", (store) => store.get(key));
export const setNote = (key, value) => within("notes", "readwrite", (store) => store.put(value, key));
export const count = (user) => within("outbox", "readonly", (store) => store.index("user").count(Number(user)));

export const waiting = async (user) =>
  (await within("outbox", "readonly", (store) => store.index("user").getAll(Number(user)))).sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1));

// randomUUID does not exist over plain HTTP, which a computer in a village may use.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-8$4-");
}

// Rejects if nothing can be stored (private browsing, a full phone): the caller then sends a plain form.
export async function add(user, kind, body, at = new Date(), id = newId()) {
  const event = { id, user: Number(user), kind, body, at: at instanceof Date ? at.toISOString() : at };
  await within("outbox", "readwrite", (store) => store.put(event));
  tell({ sent: [], receipt: "", problem: "" });
  return id;
}

// Sends all events of the signed-in person. One run at a time; a call during a run causes one more run after it.
export function send() {
  if (!running) return (running = alone(flush).finally(() => (running = undefined)));
  return (next ??= running.catch(() => null).then(() => ((next = undefined), send())));
}

async function alone(work) {
  if (navigator.locks) return navigator.locks.request("farm-outbox", () => work());
  const owner = newId();
  while (!(await lease(owner, LEASE))) await new Promise((done) => setTimeout(done, 1000));
  return work(() => lease(owner, LEASE)).finally(() => lease(owner, 0));
}

async function lease(owner, ms) {
  let mine = false;
  await within("notes", "readwrite", (store) => {
    store.get("lease").onsuccess = ({ target: { result } }) => {
      const left = (result?.until ?? 0) - Date.now();
      mine = result?.owner === owner || left <= 0 || left > LEASE; // longer than any lease: the clock was set back
      if (mine) store.put({ owner, until: Date.now() + ms }, "lease");
    };
  });
  return mine;
}

async function flush(renew) {
  const report = { sent: [], receipt: "", problem: "" };
  clearTimeout(timer);
  try {
    if (await within("outbox", "readonly", (store) => store.count())) await batches(report, renew);
    misses = 0;
  } catch (error) {
    report.problem = error.cause ?? "offline";
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** misses++) * (0.5 + Math.random());
    if (["offline", "busy"].includes(report.problem)) timer = setTimeout(send, Math.max(wait, (error.after ?? 0) * 1000));
  }
  return tell(report);
}

async function batches(report, renew) {
  const { user, token } = await findUser();
  const stuck = new Set();
  for (let size = MOST; ; ) {
    const batch = (await waiting(user)).filter((event) => !stuck.has(event.id)).slice(0, size);
    if (!batch.length) return;
    await renew?.();
    const answer = await ask(await parcel(user, token, batch)).catch((error) => {
      if (error.cause !== "size") throw error;
      if (batch.length > 1) size = Math.ceil(batch.length / 2);
      else stuck.add(batch[0].id); // only this event is refused: it stays stored and does not block the others
    });
    if (answer) await settle(report, batch, answer);
  }
}

async function settle(report, batch, answer) {
  const named = new Map((answer.results ?? []).map((result) => [result.id, result]));
  const answered = batch.filter((event) => named.has(event.id));
  if (!answered.length) throw new Error("none is named", { cause: "busy" });
  await within("outbox", "readwrite", (store) => answered.forEach((event) => store.delete(event.id)));
  for (const { id, kind, user, body } of answered) {
    const { state, reason } = named.get(id);
    report.sent.push({ id, kind, state, reason });
    if (kind === "done" && state !== "aside") await setNote(`done:${user}:${body.lesson}`, answer.now);
  }
  report.receipt = answer.receipt;
  await setNote(`receipt:${batch[0].user}`, { receipt: answer.receipt, at: answer.now });
}

async function parcel(user, token, batch) {
  let body = JSON.stringify({ user, events: batch.map(({ id, kind, at, body }) => ({ id, kind, at, body })) });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  if (body.length >= ZIP_FROM && window.CompressionStream) {
    body = await new Response(new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
    headers["Content-Encoding"] = "gzip";
  }
  return { method: "POST", headers, body };
}

// Who is signed in now, and the token for what is sent: {user, token}; throws like `send`, for which this is asked first.
export const findUser = () => ask({});

// Anything but our own JSON (a sign-in page, a proxy's error, a hotel's Wi-Fi) means that it has not arrived.
async function ask(options) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  const response = await fetch(SYNC, { ...options, cache: "no-store", signal: stop.signal });
  const answer = await response.json().catch(() => null).finally(() => clearTimeout(late));
  if (response.ok && answer) return answer;
  const cause = { 401: "login", 409: "other", 400: "size", 413: "size" }[answer ? response.status : 0] ?? "busy";
  throw Object.assign(new Error(String(response.status), { cause }), { after: Number(response.headers.get("Retry-After")) || 0 });
}

function tell(report) {
  window.dispatchEvent(new CustomEvent("farm:outbox", { detail: report }));
  return report;
}
