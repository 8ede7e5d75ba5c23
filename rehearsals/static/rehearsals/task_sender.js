// Sends what is handed in: photos and documents one by one, films by tus chunk after chunk, then an event of the outbox
// that names them. Every step is stored, so that a page that is left goes on where it was, also at 99 %. The phone keeps its
// copies until the server has applied the event: what the server has deleted meanwhile is sent again.
//   const line = sender({user, store, outbox, tus, onState}); line.kick()
const PIECE = 256 * 1024, PATIENCE = 60_000; // bytes, ms
const WAITS = [1000, 2000, 5000, 10_000, 20_000, 40_000], FULL = 60_000; // ms
const CAUSES = { 400: "refused", 401: "login", 403: "refused", 404: "refused", 413: "refused", 415: "refused", 429: "full", 507: "full" };
const FRESH = 6 * 24 * 3600_000; // ms; the server deletes after seven days what no hand-in refers to
const MOST_TIMES = 3;
const causeOf = (error) => error.cause ?? (error.status ? (CAUSES[error.status] ?? "busy") : "offline");

// Whether the server surely still has a file that it got.
export const isThere = ({ key, whole, arrived }, now = Date.now()) => Boolean(key || whole) && now - Date.parse(arrived) < FRESH;

export const eventOf = (row) => row.event ?? row.id;

// What to do with a work: "hand" in its files and event; "name" it once more, as the answer to its event was missed; "wait".
export function stepOf(row, waiting, asked) {
  if (waiting.has(eventOf(row))) return "wait";
  if (row.state === "ready") return "hand";
  return row.state === "aside" && asked.has(row.id) ? "wait" : "name";
}

// What the server's answer to its event means: "forget" the phone's copies, "send" them "again", or keep them "aside".
export function meaningOf({ state, reason }, row) {
  if (state !== "aside") return "forget";
  return reason === "files_missing" && (row.times ?? 0) < MOST_TIMES ? "again" : "aside";
}

export function sender({ user, store, outbox, tus, onState = () => {} }) {
  let running, again = false, timer, misses = 0;
  const asked = new Set(); // of those put aside the server is asked once a page

  function kick() {
    if (running) return (again = true), running;
    clearTimeout(timer);
    running = alone().catch(failed).finally(() => {
      running = undefined;
      if (again) kick((again = false));
    });
    return running;
  }

  // One tab sends; another looks again later.
  const alone = () => (navigator.locks ? navigator.locks.request(`farm-task-send-${user}`, { ifAvailable: true }, (lock) => (lock ? round() : later(5000))) : round());
  const later = (ms) => void (timer = setTimeout(kick, ms));

  function failed(error) {
    const problem = causeOf(error);
    onState({ problem, sentence: error.sentence });
    later(problem === "full" ? FULL : WAITS[Math.min(misses++, WAITS.length - 1)] * (0.75 + Math.random() / 2));
  }

  async function round() {
    const waiting = new Set((await outbox.waiting(user).catch(() => [])).map((event) => event.id));
    const rows = (await store.pendingOf(user)).map((row) => [row, stepOf(row, waiting, asked)]).filter(([, step]) => step !== "wait");
    if (!rows.length) return;
    const { user: who, token } = own(await tus.ask("/sync/", {}, PATIENCE));
    if (who !== user) throw Object.assign(new Error("other"), { cause: "other" });
    for (const [row, step] of rows) {
      asked.add(row.id);
      await (step === "hand" ? hand : name)(row, { token, patience: PATIENCE });
    }
    misses = 0;
    await outbox.send();
  }

  // A refused file makes the hand-in a draft again, on whose page it is replaced.
  async function hand(row, options) {
    const files = await store.filesOf(row.id);
    if (files.length < row.files) return refuse(row, null, "");
    for (const file of files) {
      try {
        await (file.kind === "film" ? sendFilm(row, file, options) : sendWhole(row, file, options));
      } catch (error) {
        if (causeOf(error) !== "refused") throw error;
        return refuse(row, file, error.sentence ?? "");
      }
      misses = 0;
    }
    onState({ work: row, problem: "", handing: true });
    await name(row, options);
  }

  async function name(row, options) {
    const event = { id: eventOf(row), kind: "task", at: row.at, body: bodyOf(row, await store.filesOf(row.id)) };
    if (row.state === "ready") await store.putWork({ ...row, state: "named" });
    await outbox.add(user, event.kind, event.body, event.at, event.id).catch(() => send(event, options));
  }

  async function answered(sent) {
    const works = new Map((await store.pendingOf(user)).map((row) => [eventOf(row), row]));
    const told = [];
    for (const one of sent) {
      const row = works.get(one.id);
      const meaning = row && meaningOf(one, row);
      if (meaning === "again") await restart(row);
      else told.push(one);
      if (meaning === "forget") await store.forget(row.id);
      if (meaning === "aside") await store.putWork({ ...row, state: "aside" });
    }
    if (told.length) onState({ sent: told });
    if (told.length < sent.length) kick();
  }

  // Under another event: the server answers one that it has put aside as it did before.
  async function restart(row) {
    for (const file of await store.filesOf(row.id)) await store.change(file, { key: "", url: "", sent: 0, whole: false });
    await store.putWork({ ...row, state: "ready", event: outbox.newId(), times: (row.times ?? 0) + 1 });
  }

  // Where the phone can store nothing (private browsing) the event goes to the server at once.
  async function send(event, { token }) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const { results = [] } = own(await tus.ask("/sync/", { method: "POST", headers, body: JSON.stringify({ user, events: [event] }) }, PATIENCE));
    const sent = results.map(({ id, state, reason }) => ({ id, kind: event.kind, state, reason }));
    window.dispatchEvent(new CustomEvent("farm:outbox", { detail: { sent, receipt: "", problem: "" } }));
  }

  async function refuse(row, file, sentence) {
    if (file) await store.change(file, { refused: sentence || "—", url: "", sent: 0 });
    await store.putWork({ ...row, state: "draft" });
    onState({ work: row, problem: file ? "refused" : "lost", sentence });
  }

  function bodyOf(row, files) {
    const keys = (kind) => files.filter((file) => file.kind === kind).map((file) => file.key);
    const films = files.filter((file) => file.kind === "film").map((file) => file.place);
    return { ...row.body, task: row.task, version: row.id, films, photos: keys("photo"), document: keys("document")[0] ?? "" };
  }

  async function sendWhole(row, file, { token }) {
    if (isThere(file)) return;
    tell(row, file, 0);
    const form = new FormData();
    form.append("photo", file.blob, file.name);
    const url = file.kind === "photo" ? row.urls.photos : row.urls.documents;
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const { body } = await tus.ask(url, { method: "POST", headers, body: form }, PATIENCE);
    if (!body?.key) throw Object.assign(new Error("foreign"), { cause: "login" });
    await store.change(file, { key: body.key, sent: file.size, arrived: new Date().toISOString() });
  }

  async function sendFilm(row, file, options) {
    if (isThere(file)) return;
    let { url } = file, offset = null;
    if (url) offset = await tus.findOffset(url, { ...options, gone: [403, 404, 410] });
    if (offset === null) ({ url, offset } = await begin(row, file, options));
    while (offset < file.size) {
      const piece = file.blob.slice(offset, offset + PIECE);
      ({ offset } = await tus.sendChunk(url, piece, offset, { ...options, progress: (sent) => tell(row, file, sent) }));
      tell(row, file, offset);
    }
    await store.change(file, { whole: true, sent: file.size, arrived: new Date().toISOString() });
  }

  async function begin(row, file, options) {
    const ticket = row.urls.ticket.replace("{version}", row.id).replace("{place}", file.place);
    const { ticket: signed } = own(await tus.ask(ticket, { method: "POST", headers: tus.headersOf(options.token) }, PATIENCE));
    const begun = await tus.begin(row.urls.begin, { size: file.size, metadata: { ticket: signed, filename: file.name } }, options);
    await store.change(file, { url: begun.url });
    return begun;
  }

  const tell = (row, file, sent) => onState({ work: row, problem: "", file, sent });

  // Anything but our own JSON is a sign-in page or the portal of a hotel's Wi-Fi.
  function own({ body }) {
    if (!body) throw Object.assign(new Error("foreign"), { cause: "login" });
    return body;
  }

  window.addEventListener("farm:outbox", ({ detail }) => {
    const sent = detail.sent.filter((one) => one.kind === "task");
    if (sent.length) answered(sent).catch(failed);
  });
  window.addEventListener("online", kick);
  document.addEventListener("visibilitychange", () => document.hidden || kick());
  return { kick };
}
