// What is handed in for tasks stays here, in IndexedDB "farm-tasks", until the server has applied the event that names it.
//   works {id, user, task, kind, state: "draft" | "ready" | "named" | "aside", body, at, bytes, event, times}
//   files {id, work, position, kind, name, blob, size, ms, note, key, url, sent, whole, arrived, refused}
// `event`: the id of the event that names it; `times`: how often its files were sent again.
// What the phone cannot store (private browsing, a full phone) is held in memory: `isStored(id)` says which.
let opened;
const held = { works: new Map(), files: new Map() };

function open() {
  opened ??= new Promise((done, fail) => {
    const ask = indexedDB.open("farm-tasks", 1);
    ask.onupgradeneeded = () => {
      ask.result.createObjectStore("works", { keyPath: "id" }).createIndex("user", "user");
      ask.result.createObjectStore("files", { keyPath: "id" }).createIndex("work", "work");
    };
    ask.onerror = () => fail(ask.error);
    ask.onsuccess = () => done(ask.result);
  });
  opened.then((base) => (base.onclose = base.onversionchange = () => (base.close(), (opened = undefined))), () => (opened = undefined));
  return opened;
}

// One transaction; resolves when it is on the disk, with what `work` asked for.
async function within(name, mode, work) {
  const base = await open();
  return new Promise((done, fail) => {
    const change = base.transaction(name, mode, { durability: "strict" });
    const asked = work(change.objectStore(name));
    change.oncomplete = () => done(asked?.result);
    change.onabort = () => fail(change.error ?? new Error("aborted"));
  });
}

const read = (name, work) => within(name, "readonly", work).catch(() => undefined);

// Resolves to whether the phone has stored it.
async function put(name, row) {
  const isDone = await within(name, "readwrite", (rows) => rows.put(row)).then(() => true, () => false);
  if (isDone) held[name].delete(row.id);
  else held[name].set(row.id, row);
  return isDone;
}

async function drop(name, id) {
  held[name].delete(id);
  await within(name, "readwrite", (rows) => rows.delete(id)).catch(() => null);
}

async function all(name, index, value) {
  const rows = (await read(name, (found) => found.index(index).getAll(value))) ?? [];
  const here = [...held[name].values()].filter((row) => row[index] === value);
  return [...rows.filter((row) => !held[name].has(row.id)), ...here];
}

export const putWork = (row) => put("works", row);
export const putFile = (row) => put("files", row);
// For what the phone has no room for: it stays in memory, and the page says so.
export const hold = (row) => void held.files.set(row.id, row);
export const isStored = (id) => !held.files.has(id);
export const worksOf = async (user) => (await all("works", "user", user)).sort((one, other) => (one.at < other.at ? -1 : 1));
export const pendingOf = async (user) => (await worksOf(user)).filter((row) => row.state !== "draft");
export const draftOf = async (user, task) => (await worksOf(user)).find((row) => row.task === task && row.state === "draft");
export const work = async (id) => held.works.get(id) ?? (await read("works", (rows) => rows.get(id)));
export const filesOf = async (id) => (await all("files", "work", id)).sort((one, other) => one.position - other.position);
export const dropFile = (id) => drop("files", id);

// Changes one file and stores it again.
export async function change(row, facts) {
  Object.assign(row, facts);
  if (!held.files.has(row.id)) await put("files", row);
}

export async function forget(id) {
  for (const file of await filesOf(id)) await dropFile(file.id);
  await drop("works", id);
}
