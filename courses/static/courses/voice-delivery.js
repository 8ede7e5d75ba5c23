// Sends the recordings of a lesson one after another. One that is bad waits until whoever said it keeps it on purpose.
const PASSES = [401, 403, 409, 429]; // after these answers it may be sent again; any other refusal is final

// waiting: id → recording; keepUp(reply) is called for each of this page that has arrived.
export default async function delivery(box, { user, outbox, waiting, forget, say, show, keepUp }) {
  const words = box.dataset;
  const { send } = await import(words.send);
  const part = (name) => box.querySelector(`[data-${name}]`);
  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
  let again = null;
  let queue = Promise.resolve();

  const lineUp = ({ id, bad }) => bad || (queue = queue.then(() => waiting.has(id) && deliver(waiting.get(id))));
  const tell = (word, facts = {}) => (part("line").textContent = fill(words[word] ?? word, facts));
  const offer = (work) => {
    again = work;
    part("resend").hidden = !again;
  };

  async function deliver(row) {
    tell("sending", { percent: 0 });
    offer(null);
    try {
      const token = await findToken();
      const blob = new Blob([row.content], { type: row.type });
      const report = (word, percent) => tell(word === "again" ? "retry" : word, { percent });
      const { key } = await send({ url: row.url, token, blob, name: "part.webm", field: "voice", tell: report, wake: offer, signal: new AbortController().signal });
      if (waiting.has(row.id)) await attach(row, key, token);
      await forget(row);
      tell("got");
    } catch (refusal) {
      if (refusal.message && !PASSES.includes(refusal.status)) await forget(row);
      const text = (refusal.status && refusal.message) || (refusal.word ?? "refused");
      tell(text);
      if (!waiting.has(row.id)) say(text);
      else offer(() => [...waiting.values()].forEach(lineUp));
    }
    show();
  }

  // The token of who is signed in now: the page may be older than the session.
  async function findToken() {
    try {
      const { user: who, token } = await outbox.findUser();
      if (who !== user) throw { status: 409, word: "other" };
      return token;
    } catch (error) {
      if (error.cause === "login") throw { status: 401, word: "login" };
      if (error.word) throw error;
      return words.csrf; // without a line the page's own is tried later
    }
  }

  async function attach(row, key, token) {
    const body = new URLSearchParams({ do: "part", digest: row.digest, voice: key, noise_db: Math.min(120, row.noise), event_id: row.id, happened_at: row.at });
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    const answer = await fetch(row.action, { method: "POST", headers, body }).catch(() => null);
    const reply = await answer?.json().catch(() => null);
    if (reply?.problem) throw { status: answer.status, message: reply.problem };
    if (!answer?.ok || !reply?.digest) throw { status: 403, word: "refused" };
    if (row.action === words.action) keepUp(reply);
  }

  return { lineUp, wake: () => again?.() };
}
