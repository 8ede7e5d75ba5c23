// Uploads stored recordings by tus, chunk after chunk, while recording and after; over any connection, from any page.
//   const line = sender({user, store, outbox, facts, tus, begin: "/uploads/video/", ticket: (take) => url, onState})
//   line.kick()     something new is there, or there may be a connection again
const PIECE = 256 * 1024, SMALL = 96 * 1024; // bytes; smaller amounts wait while the recorder runs
const PATIENCE = 60_000, WAITS = [1000, 2000, 5000, 10_000, 20_000, 40_000]; // ms
const CAUSES = { 401: "login", 413: "refused", 415: "refused", 429: "full", 507: "full" };
const causeOf = (error) => error.cause ?? (error.status ? (CAUSES[error.status] ?? "busy") : "offline");

export function sender({ user, store, outbox, facts, tus, begin, ticket, onState = () => {} }) {
  let running, again = false, timer, misses = 0;

  function kick() {
    if (running) return (again = true), running;
    clearTimeout(timer);
    running = alone(round).catch(failed).finally(() => {
      running = undefined;
      if (again) {
        again = false;
        kick();
      }
    });
    return running;
  }

  // One tab sends. Without locks two tabs may send, and the server accepts one of them.
  const alone = (work) => (navigator.locks ? navigator.locks.request(`farm-film-send-${user}`, { ifAvailable: true }, (lock) => (lock ? work() : later(5000))) : work());
  const later = (ms) => void (timer = setTimeout(kick, ms));

  function failed(error) {
    const cause = causeOf(error);
    onState({ problem: cause, sentence: error.sentence });
    later(cause === "full" ? 60_000 : WAITS[Math.min(misses++, WAITS.length - 1)] * (0.75 + Math.random() / 2));
  }

  async function round() {
    const waiting = async () => (await store.takesOf(user)).filter((row) => !row.whole && !row.refused && row.bytes > 0);
    if (!(await waiting()).length) return;
    const { user: who, token } = own(await tus.ask("/sync/", {}, PATIENCE));
    if (who !== user) throw Object.assign(new Error("other"), { cause: "other" });
    for (const row of await waiting()) {
      await carry(row, token).catch((error) => {
        if (causeOf(error) !== "refused") throw error;
        return store.change(row.key, (one) => (one.refused = error.sentence || "refused"));
      });
    }
    misses = 0;
    onState({ problem: "" });
  }

  async function carry(row, token) {
    const options = { token, patience: PATIENCE };
    let { url } = row, offset = row.sent;
    if (url) offset = await tus.findOffset(url, { ...options, gone: [404, 410] });
    if (!url || offset === null) ({ url, offset } = await create(row, options));
    for (;;) {
      const now = await store.take(row.key);
      const piece = await store.from(row.key, offset, PIECE);
      if (piece.size < SMALL && !now.ended) return;
      const isLast = now.ended && offset + piece.size === now.bytes;
      const answer = await tus.sendChunk(url, piece, offset, { ...options, size: isLast ? now.bytes : null });
      offset = answer.offset;
      const whole = isLast && answer.taken && offset === now.bytes;
      await store.acknowledge(row.key, offset);
      misses = 0;
      if (whole) await end(row.key);
      onState({ sent: offset, take: row.key });
      if (whole) return;
    }
  }

  // The server joins the film when this report arrives. A take counts as whole only after it is stored: if the page is left
  // between the two, the next page sends the end of the take, and the report, once more.
  async function end(key) {
    await facts.arrived(key);
    await store.change(key, (one) => (one.whole = true));
  }

  async function create(row, options) {
    if (row.sent && !(await store.isWhole(row.key))) throw Object.assign(new Error("gone"), { cause: "refused" });
    await facts.report(row.key);
    await outbox.send();
    const asked = await tus.ask(ticket(row), { method: "POST", headers: tus.headersOf(options.token) }, PATIENCE);
    const { ticket: signed } = own(asked);
    const begun = await tus.begin(begin, { metadata: { ticket: signed } }, options);
    await store.acknowledge(row.key, begun.offset, { url: begun.url });
    return begun;
  }

  // Anything but our own JSON is a sign-in page or the portal of a hotel's Wi-Fi.
  function own({ body }) {
    if (!body) throw Object.assign(new Error("foreign"), { cause: "login" });
    return body;
  }

  window.addEventListener("online", kick);
  document.addEventListener("visibilitychange", () => document.hidden || kick());
  return { kick };
}
