// Recordings wait here, in IndexedDB "farm-film", until the server has them.
//   rehearsals {key, user, live, quality, begun, state: "open" | "handed" | "dropped"}
//   takes      {key, rehearsal, user, number, type, upright, begun, marks, lasted, bytes, pieces, sent, ended, whole, …}
//   pieces     {take, n, start, content}: the recorder's output, at bytes from the take's beginning
// A piece is stored when its transaction has ended. What the server has too stays as long as the rehearsal is open, so that
// its owner can watch it without using data again; it is deleted when that is handed in, or when the phone is full.
let opened;

function open() {
  opened ??= new Promise((done, fail) => {
    const ask = indexedDB.open("farm-film", 1);
    ask.onupgradeneeded = () => {
      ask.result.createObjectStore("rehearsals", { keyPath: "key" });
      ask.result.createObjectStore("takes", { keyPath: "key" }).createIndex("user", "user");
      ask.result.createObjectStore("pieces", { keyPath: ["take", "n"] });
    };
    ask.onerror = () => fail(ask.error);
    ask.onsuccess = () => done(ask.result);
  });
  opened.then((base) => (base.onclose = base.onversionchange = () => (base.close(), (opened = undefined))), () => (opened = undefined));
  return opened;
}

// One transaction; resolves when it is on the disk, with what `work` asked for.
async function within(stores, mode, work) {
  const base = await open();
  return new Promise((done, fail) => {
    const change = base.transaction(stores, mode, { durability: "strict" });
    const asked = work(...[stores].flat().map((name) => change.objectStore(name)));
    change.oncomplete = () => done(asked?.result);
    change.onabort = () => fail(change.error ?? new Error("aborted"));
  });
}

const all = (key) => IDBKeyRange.bound([key, 0], [key, Infinity]);

// --- rehearsals

export const putRehearsal = (row) => within("rehearsals", "readwrite", (rows) => rows.put(row));
export const rehearsal = (key) => within("rehearsals", "readonly", (rows) => rows.get(key));

export async function openOne(user, live) {
  const rows = await within("rehearsals", "readonly", (found) => found.getAll());
  return rows.find((row) => row.user === user && row.live === live && row.state === "open");
}

// --- takes

export const putTake = (row) => within("takes", "readwrite", (rows) => rows.put(row));
export const take = (key) => within("takes", "readonly", (rows) => rows.get(key));

export async function takesOf(user, key) {
  const rows = await within("takes", "readonly", (found) => found.index("user").getAll(user));
  return rows.filter((row) => !key || row.rehearsal === key).sort((one, other) => one.number - other.number);
}

// Reads, changes and writes one take in one transaction: the recorder and the sender change it in turns.
export function change(key, work) {
  let result;
  return within("takes", "readwrite", (rows) => {
    rows.get(key).onsuccess = ({ target: { result: row } }) => row && (work(row), (result = row), rows.put(row));
  }).then(() => result);
}

export const mark = (key, one) => change(key, (row) => row.marks.push(one));

// Rejects with QuotaExceededError when the phone is full of what only it has.
export async function keep(key, content, lasted) {
  try {
    return await put(key, content, lasted);
  } catch (error) {
    if (!(await releaseAll())) throw error;
    return put(key, content, lasted);
  }
}

function put(key, content, lasted) {
  return within(["takes", "pieces"], "readwrite", (takes, pieces) => {
    takes.get(key).onsuccess = ({ target: { result: row } }) => {
      pieces.put({ take: key, n: row.pieces, start: row.bytes, content });
      Object.assign(row, { bytes: row.bytes + content.byteLength, pieces: row.pieces + 1, lasted });
      takes.put(row);
    };
  });
}

// --- what goes up

const begun = new Map(); // take: the piece that was sent from last, so that those before it are not read again

// At most `most` bytes from `start` on; empty when all stored bytes lie before it.
export async function from(key, offset, most) {
  const parts = [];
  let size = 0;
  const last = begun.get(key);
  const first = last && last.start <= offset ? last.n : 0;
  await within("pieces", "readonly", (rows) => {
    rows.openCursor(IDBKeyRange.bound([key, first], [key, Infinity])).onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor || size >= most) return;
      const { n, start, content } = cursor.value;
      if (start + content.byteLength > offset) {
        if (!size) begun.set(key, { n, start });
        const skip = Math.max(0, offset - start);
        const part = content.slice(skip, skip + most - size);
        parts.push(part);
        size += part.byteLength;
      }
      cursor.continue();
    };
  });
  return new Blob(parts);
}

// The server holds everything before `offset`.
export function acknowledge(key, offset, more = {}) {
  return within(["rehearsals", "takes", "pieces"], "readwrite", (rehearsals, takes, pieces) => {
    takes.get(key).onsuccess = ({ target: { result: row } }) => {
      if (!row) return;
      takes.put(Object.assign(row, { sent: Math.max(row.sent, offset) }, more));
      rehearsals.get(row.rehearsal).onsuccess = ({ target: { result } }) => result?.state === "open" || drop(pieces, row);
    };
  });
}

function drop(pieces, { key, sent }) {
  pieces.openCursor(all(key)).onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor || cursor.value.start + cursor.value.content.byteLength > sent) return;
    cursor.delete();
    cursor.continue();
  };
}

// Deletes the pieces of a take that the server has received.
export function release(key) {
  return within(["takes", "pieces"], "readwrite", (takes, pieces) => {
    takes.get(key).onsuccess = ({ target: { result: row } }) => row && drop(pieces, row);
  });
}

// Does so for all takes, to free space; returns whether anything was deleted.
export async function releaseAll() {
  const rows = await within("takes", "readonly", (found) => found.getAll());
  const sent = rows.filter((row) => row.sent > 0);
  for (const { key } of sent) await release(key);
  return sent.length > 0;
}

// Ends a rehearsal: pieces kept for watching are deleted; of a dropped rehearsal everything is deleted.
export async function close(key, state) {
  const row = await rehearsal(key);
  if (!row) return;
  await putRehearsal(Object.assign(row, { state }));
  for (const one of await takesOf(row.user, key)) await (state === "dropped" ? forget(one.key) : release(one.key));
}

// The stored recording of a take from the byte `start` on; null when it was not recorded on this phone.
export async function film(key) {
  const row = await take(key);
  if (!row) return null;
  const parts = [];
  let start = row.bytes;
  await within("pieces", "readonly", (rows) => {
    rows.openCursor(all(key)).onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (!parts.length) start = cursor.value.start;
      parts.push(cursor.value.content);
      cursor.continue();
    };
  });
  return { parts, start, type: row.type };
}

export function forget(key) {
  return within(["takes", "pieces"], "readwrite", (takes, pieces) => {
    takes.delete(key);
    pieces.delete(all(key));
  });
}

// Whether the server lacks the beginning that was deleted here: then the take cannot be sent again.
export async function isWhole(key) {
  const first = await within("pieces", "readonly", (rows) => rows.get([key, 0]));
  return Boolean(first);
}

// Includes a take whose last byte has arrived but has not yet been reported as the last.
export const isWaiting = (takes) => takes.some((row) => !row.whole && row.bytes > 0);
export const waitingBytes = (takes) => takes.reduce((sum, row) => sum + (row.whole ? 0 : row.bytes - row.sent), 0);
