// Brings what is kept to the server by tus, piece after piece, while recording and after; over any line, from any page.
//   const line = sender({user, store, outbox, facts, begin: "/uploads/video/", ticket: (take) => url, told})
//   line.kick()     something new is there, or there may be a line again
const PIECE = 256 * 1024, SMALL = 96 * 1024; // bytes; less is waited for while the recorder runs
const PATIENCE = 60_000, WAITS = [1000, 2000, 5000, 10_000, 20_000, 40_000]; // ms
const HEADERS = { "Tus-Resumable": "1.0.0" };

export function sender({ user, store, outbox, facts, begin, ticket, told = () => {} }) {
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

  // One tab sends. Where there are no locks two do, and the server lets one of them through.
  const alone = (work) => (navigator.locks ? navigator.locks.request(`farm-film-send-${user}`, { ifAvailable: true }, (lock) => (lock ? work() : later(5000))) : work());
  const later = (ms) => void (timer = setTimeout(kick, ms));

  function failed(error) {
    told({ problem: error.cause ?? "offline", sentence: error.sentence });
    later(error.cause === "full" ? 60_000 : WAITS[Math.min(misses++, WAITS.length - 1)] * (0.75 + Math.random() / 2));
  }

  async function round() {
    const waiting = async () => (await store.takesOf(user)).filter((row) => !row.whole && !row.refused && row.bytes > 0);
    if (!(await waiting()).length) return;
    const { user: who, token } = await json(await ask("/sync/", {}));
    if (who !== user) throw Object.assign(new Error("other"), { cause: "other" });
    for (const row of await waiting()) {
      await carry(row, token).catch((error) => {
        if (error.cause !== "refused") throw error;
        return store.change(row.key, (one) => (one.refused = error.sentence || "refused"));
      });
    }
    misses = 0;
    told({ problem: "" });
  }

  async function carry(row, token) {
    const headers = { ...HEADERS, "X-CSRFToken": token };
    let { url } = row, offset = row.sent;
    if (url) offset = await where(url, headers);
    if (!url || offset === null) [url, offset] = await create(row, headers);
    for (;;) {
      const now = await store.take(row.key);
      const piece = await store.from(row.key, offset, PIECE);
      if (piece.size < SMALL && !now.ended) return;
      const isLast = now.ended && offset + piece.size === now.bytes;
      const response = await ask(url, { method: "PATCH", body: piece, headers: { ...headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": offset, ...(isLast ? { "Upload-Length": now.bytes } : {}) } });
      offset = Number(response.headers.get("Upload-Offset"));
      const whole = isLast && response.status === 204 && offset === now.bytes;
      await store.acknowledge(row.key, offset, whole ? { whole } : {});
      misses = 0;
      told({ sent: offset, take: row.key });
      if (whole) return facts.arrived(row.key);
    }
  }

  // Where the upload stands; null when it is gone and can be begun anew.
  async function where(url, headers) {
    const response = await ask(url, { method: "HEAD", headers }, [404, 410]);
    return response.ok ? Number(response.headers.get("Upload-Offset")) : null;
  }

  async function create(row, headers) {
    if (row.sent && !(await store.isWhole(row.key))) throw Object.assign(new Error("gone"), { cause: "refused" });
    await facts.told(row.key);
    await outbox.send();
    const { ticket: signed } = await json(await ask(ticket(row), { method: "POST", headers }));
    const named = `ticket ${btoa(signed)}`;
    const response = await ask(begin, { method: "POST", headers: { ...headers, "Upload-Metadata": named, "Upload-Defer-Length": "1" } });
    const url = new URL(response.headers.get("Location"), location.href).href;
    const offset = Number(response.headers.get("Upload-Offset"));
    await store.acknowledge(row.key, offset, { url });
    return [url, offset];
  }

  async function ask(url, options, fine = []) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE);
    const response = await fetch(url, { ...options, cache: "no-store", signal: stop.signal }).finally(() => clearTimeout(late));
    if (response.ok || fine.includes(response.status)) return response;
    // Another tab was here first: its offset is as good as ours.
    if (response.status === 409 && response.headers.has("Upload-Offset")) return response;
    const body = await response.json().catch(() => ({}));
    const cause = { 401: "login", 413: "refused", 415: "refused", 429: "full", 507: "full" }[response.status] ?? "busy";
    throw Object.assign(new Error(String(response.status), { cause }), { sentence: body.error });
  }

  // Anything but our own JSON is a sign-in page, or a hotel's Wi-Fi.
  async function json(response) {
    const body = await response.json().catch(() => null);
    if (!body) throw Object.assign(new Error("foreign"), { cause: "login" });
    return body;
  }

  window.addEventListener("online", kick);
  document.addEventListener("visibilitychange", () => document.hidden || kick());
  return { kick };
}
