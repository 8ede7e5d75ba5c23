// Sends what is handed in: photos and documents one by one, films by tus chunk after chunk, then an event of the outbox
// that names them. Every step is stored, so that a page that is left goes on where it was, also at 99 %.
//   const line = sender({user, store, outbox, tus, onState}); line.kick()
const PIECE = 256 * 1024, PATIENCE = 60_000; // bytes, ms
const WAITS = [1000, 2000, 5000, 10_000, 20_000, 40_000], FULL = 60_000; // ms
const CAUSES = { 400: "refused", 401: "login", 403: "refused", 404: "refused", 413: "refused", 415: "refused", 429: "full", 507: "full" };
const causeOf = (error) => error.cause ?? (error.status ? (CAUSES[error.status] ?? "busy") : "offline");

export function sender({ user, store, outbox, tus, onState = () => {} }) {
  let running, again = false, timer, misses = 0;

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
    const ready = await store.readyOf(user);
    if (!ready.length) return;
    const { user: who, token } = own(await tus.ask("/sync/", {}, PATIENCE));
    if (who !== user) throw Object.assign(new Error("other"), { cause: "other" });
    for (const row of ready) await hand(row, { token, patience: PATIENCE });
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
    const event = { id: row.id, kind: "task", at: row.at, body: bodyOf(row, files) };
    await outbox.add(user, event.kind, event.body, event.at, event.id).catch(() => send(event, options));
    await store.forget(row.id);
  }

  // Where the phone can store nothing (private browsing) the event goes to the server at once.
  async function send(event, { token }) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const { results = [] } = own(await tus.ask("/sync/", { method: "POST", headers, body: JSON.stringify({ user, events: [event] }) }, PATIENCE));
    const sent = results.map(({ id, state }) => ({ id, kind: event.kind, state }));
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
    if (file.key) return;
    tell(row, file, 0);
    const form = new FormData();
    form.append("photo", file.blob, file.name);
    const url = file.kind === "photo" ? row.urls.photos : row.urls.documents;
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const { body } = await tus.ask(url, { method: "POST", headers, body: form }, PATIENCE);
    if (!body?.key) throw Object.assign(new Error("foreign"), { cause: "login" });
    await store.change(file, { key: body.key, sent: file.size });
  }

  async function sendFilm(row, file, options) {
    if (file.whole) return;
    let { url } = file, offset = null;
    if (url) offset = await tus.findOffset(url, { ...options, gone: [403, 404, 410] });
    if (offset === null) ({ url, offset } = await begin(row, file, options));
    while (offset < file.size) {
      const piece = file.blob.slice(offset, offset + PIECE);
      ({ offset } = await tus.sendChunk(url, piece, offset, { ...options, progress: (sent) => tell(row, file, sent) }));
      tell(row, file, offset);
    }
    await store.change(file, { whole: true, sent: file.size });
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

  window.addEventListener("online", kick);
  document.addEventListener("visibilitychange", () => document.hidden || kick());
  return { kick };
}
