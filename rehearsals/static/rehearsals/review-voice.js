// A spoken remark of at most 90 seconds. It lies on this phone, beside the events of outbox.js, until the server has both the
// recording and the note that names it; it is sent as photos are, again and again.
const LONGEST = 90_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4"];
const PASSES = [401, 403, 409, 429]; // after these answers it may be sent again; any other refusal is final

export default async function voice(box) {
  const form = box.closest("form");
  const user = Number(box.dataset.user);
  const line = document.querySelector("[data-voices]");
  const words = line.dataset;
  const [outbox, { send }] = await Promise.all([import(box.dataset.outbox), import(box.dataset.send)]);
  const waiting = new Map(); // id → recording that is not delivered yet
  let queue = Promise.resolve();
  let wake; // ends the present pause, or sends once more what was refused

  // --- what is stored

  const place = ({ id }) => `voice:${user}:${id}`;
  const within = (mode, work) => (window.indexedDB ? outbox.within("notes", mode, work).catch(() => null) : null);
  const keep = (row) => (waiting.set(row.id, row), within("readwrite", (rows) => rows.put(row, place(row))));
  const forget = (row) => (waiting.delete(row.id), within("readwrite", (rows) => rows.delete(place(row))));
  const stored = () => within("readonly", (rows) => rows.getAll(IDBKeyRange.bound(`voice:${user}:`, `voice:${user}:~`)));
  const fields = () => new URLSearchParams(new FormData(form)).toString();

  // --- what is shown

  function say(word, facts = {}) {
    const text = (words[word] ?? word).replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
    line.hidden = !waiting.size;
    if (line.hidden) line.querySelector("[data-first]").hidden = true;
    line.querySelector("[data-count]").textContent = words.left.replace("{count}", waiting.size);
    for (const each of document.querySelectorAll("[data-voice-status]")) each.textContent = text;
  }

  const again = document.querySelectorAll("[data-voice-again]");
  for (const each of again) each.addEventListener("click", () => wake?.());
  function offer(go) {
    wake = go;
    for (const each of again) each.hidden = !go;
  }

  // --- what is sent

  const lineUp = ({ id }) => (queue = queue.then(() => waiting.has(id) && deliver(waiting.get(id))));

  async function deliver(row) {
    say("sending", { percent: 0 });
    offer(null);
    const tell = (word, percent) => say(word, { percent });
    const blob = new Blob([row.content], { type: row.type });
    const { signal } = new AbortController();
    try {
      const token = await findToken();
      const { key } = await send({ url: row.url, token, blob, name: "note.webm", field: "voice", tell, wake: offer, signal });
      await attach(waiting.get(row.id) ?? row, key, token);
      await forget(row);
      say("got");
    } catch (refusal) {
      // A refusal of our own says why; a page of somebody else's in between is none.
      if (refusal.message && !PASSES.includes(refusal.status)) await forget(row);
      say((refusal.status && refusal.message) || (refusal.word ?? "refused"));
      if (waiting.has(row.id)) offer(() => [...waiting.values()].forEach(lineUp));
    }
  }

  // The token of who is signed in now: the page may be older than the session. Without a line the page's own is tried later.
  async function findToken() {
    try {
      const { user: who, token } = await outbox.findUser();
      if (who !== user) throw { status: 409, word: "other" };
      return (form.elements.csrfmiddlewaretoken.value = token);
    } catch (error) {
      if (error.cause === "login") throw { status: 401, word: "login" };
      if (error.word) throw error;
      return form.elements.csrfmiddlewaretoken.value;
    }
  }

  // The note gets the key: on this page after what else is sent of it, from another review's page at once.
  async function attach(row, key, token) {
    if (row.action === form.action) {
      if (form.elements.key.value === row.note) form.elements.voice.value = key;
      const done = new Promise((end) => form.dispatchEvent(new CustomEvent("voice:sent", { detail: { id: row.note, body: row.body, voice: key, end } })));
      if (await done) return;
    } else {
      const body = new URLSearchParams(row.body);
      body.set("voice", key);
      const headers = { Accept: "application/json", "X-CSRFToken": token };
      const answer = await fetch(row.action, { method: "POST", headers, body }).catch(() => null);
      const reply = await answer?.json().catch(() => null);
      // 404: it is theirs no longer. Any other text, as while the database is away, is no answer about the note.
      if (answer?.status === 404 || (answer?.ok && reply) || reply?.problem || reply?.errors) return;
    }
    throw { status: 403, word: "again" };
  }

  // --- the recorder

  const kind = window.MediaRecorder && KINDS.find((each) => MediaRecorder.isTypeSupported(each));
  const button = box.querySelector("[data-record]");
  const label = box.querySelector("[data-says]");
  let recorder;
  let timer;

  async function start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!stream) return say("denied");
    const row = { id: outbox.newId(), user, note: form.elements.key.value, action: form.action, url: box.dataset.url, type: kind.split(";")[0], body: fields() };
    const pieces = [];
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 24_000 });
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = async () => {
      for (const track of stream.getTracks()) track.stop();
      const content = await new Blob(pieces).arrayBuffer();
      await keep({ ...row, content, body: row.note === form.elements.key.value ? fields() : (bodies.get(row.note) ?? row.body) });
      lineUp(row);
    };
    recorder.start(1000);
    timer = setTimeout(stop, LONGEST);
    label.textContent = label.dataset.stop;
    say("");
  }

  function stop() {
    clearTimeout(timer);
    if (recorder?.state === "recording") recorder.stop();
    label.textContent = label.dataset.start;
  }

  // --- the note that it belongs to

  const bodies = new Map(); // note → its fields as they were stored last
  form.addEventListener("note:kept", ({ detail: { id, body } }) => {
    bodies.set(id, body);
    for (const row of waiting.values()) if (row.note === id) keep({ ...row, body });
  });
  form.addEventListener("note:removed", ({ detail: { id } }) => {
    for (const row of waiting.values()) if (row.note === id) forget(row);
  });
  form.addEventListener("note:filled", () => (stop(), say("")));
  // What is signed takes no further note.
  document.querySelector("form#review")?.addEventListener("submit", (event) => {
    if (![...waiting.values()].some((row) => row.action === form.action) || !event.submitter?.formAction.includes("/sign/")) return;
    event.preventDefault();
    line.querySelector("[data-first]").hidden = false;
    line.scrollIntoView({ block: "center" });
  });
  window.addEventListener("beforeunload", (event) => (waiting.size || recorder?.state === "recording") && event.preventDefault());

  for (const row of (await stored()) ?? []) waiting.set(row.id, row);
  [...waiting.values()].forEach(lineUp);
  if (!box.dataset.url || !kind || !navigator.mediaDevices?.getUserMedia) return;
  box.hidden = false;
  button.addEventListener("click", () => (recorder?.state === "recording" ? stop() : start()));
}
