// Records a lesson paragraph by paragraph, or its film line by line. A recording lies on this phone, beside the events of outbox.js,
// until the server has it; its id is made here, so sending it twice is harmless. Whoever comes back goes on where one is missing.
const KINDS = ["audio/webm;codecs=opus", "audio/mp4"];
const PASSES = [401, 403, 409, 429]; // after these answers it may be sent again; any other refusal is final
const LISTENS = 2000; // ms of silence before the first paragraph

export default async function recorder(box) {
  const kind = window.MediaRecorder && KINDS.find((each) => MediaRecorder.isTypeSupported(each));
  if (!kind || !navigator.mediaDevices?.getUserMedia) return;
  const words = box.dataset;
  const user = Number(words.user);
  const [outbox, { send }, meter] = await Promise.all([import(words.outbox), import(words.send), import(words.meter)]);
  const film = words.reel && (await import(words.reel)).default(box);
  const level = (value) => (part("level").value = value);
  const part = (name, root = box) => root.querySelector(`[data-${name}]`);
  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
  const say = (word, facts = {}) => (part("says").textContent = word ? fill(words[word] ?? word, facts) : "");
  const lines = [...document.querySelectorAll("[data-parts] > li")];
  const waiting = new Map(); // id → recording that is not delivered yet
  let at = 0;
  let room = null; // dB of the room before anybody speaks
  let machine, wake;
  let isSafe = true; // whether what waits is on the disk
  let queue = Promise.resolve();

  // --- what is stored

  const place = ({ id }) => `said:${user}:${id}`;
  const within = (mode, work) => outbox.within("notes", mode, work).catch(() => ((isSafe = false), null));
  const keep = (row) => (waiting.set(row.id, row), within("readwrite", (rows) => rows.put(row, place(row))));
  const forget = (row) => (waiting.delete(row.id), within("readwrite", (rows) => rows.delete(place(row))));
  const stored = () => within("readonly", (rows) => rows.getAll(IDBKeyRange.bound(`said:${user}:`, `said:${user}:~`)));

  // --- what is shown

  const mine = (digest) => [...waiting.values()].find((row) => row.digest === digest && row.action === words.action);
  const isDone = (line) => line.hasAttribute("data-done") || Boolean(mine(line.dataset.digest));

  function show() {
    for (const line of lines) {
      const here = Boolean(mine(line.dataset.digest));
      part("phone", line).hidden = !here;
      part("tick", line).hidden = here || !line.hasAttribute("data-done");
    }
    part("unsent").hidden = !waiting.size;
    part("count").textContent = fill(words.unsent, { count: waiting.size });
  }

  function go(place) {
    at = place;
    part("nth").textContent = fill(words.where, { nth: at + 1, all: lines.length });
    part("text").textContent = part("go", lines[at]).textContent;
    part("heard").hidden = part("after").hidden = true;
    part("record").hidden = false;
    label(room === null ? "check" : "start");
    film?.show(lines[at]);
  }

  const label = (word) => (part("label").textContent = words[word]);
  const gap = () => {
    const order = [...lines.keys()].map((n) => (at + 1 + n) % lines.length);
    return order.find((n) => !isDone(lines[n]));
  };

  function next() {
    const place = gap();
    if (place === undefined) return say("all");
    go(place);
    say("");
  }

  // --- the recorder

  const microphone = () => navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => (say("denied"), null));
  const release = (stream) => stream.getTracks().forEach((track) => track.stop());

  async function check() {
    const stream = await microphone();
    if (!stream) return;
    const end = meter.listen(stream, level);
    part("record").disabled = true;
    label("hush");
    say("");
    await new Promise((done) => setTimeout(done, LISTENS));
    room = meter.measureRoom(end());
    release(stream);
    part("record").disabled = false;
    label("start");
    say(meter.isNoisy(room) ? "noisy" : "silent", { n: Math.round(room) });
  }

  async function start() {
    const stream = await microphone();
    if (!stream) return;
    const line = lines[at];
    const pieces = [];
    const end = meter.listen(stream, level);
    machine = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 24_000 });
    machine.ondataavailable = ({ data }) => pieces.push(data);
    const timer = setTimeout(() => stop(true), Number(words.seconds) * 1000);
    machine.onstop = async () => {
      clearTimeout(timer);
      const over = film?.end();
      release(stream);
      const { noise, word } = meter.judge(end(), room, Number(words.quiet));
      const blob = new Blob(pieces, { type: kind.split(";")[0] });
      const old = mine(line.dataset.digest);
      const row = { id: outbox.newId(), user, action: words.action, url: words.url, digest: line.dataset.digest, type: blob.type, noise, at: new Date().toISOString() };
      await keep({ ...row, content: await blob.arrayBuffer() });
      if (old) await forget(old);
      lineUp(row);
      URL.revokeObjectURL(part("heard").src);
      part("heard").src = URL.createObjectURL(blob);
      part("heard").hidden = part("after").hidden = false;
      part("record").hidden = true;
      label("start");
      say(over ? "over" : machine.isLate ? "late" : word, { n: over || (machine.isLate ? words.seconds : noise) });
      part("long", line)?.remove();
      show();
    };
    machine.start(1000);
    film?.begin(line, () => say("over", { n: 1 }));
    part("heard").pause();
    label("stop");
    say("");
  }

  const stop = (isLate = false) => machine?.state === "recording" && ((machine.isLate = isLate), machine.stop());

  // --- what is sent

  const lineUp = ({ id }) => (queue = queue.then(() => waiting.has(id) && deliver(waiting.get(id))));
  const tell = (word, facts = {}) => (part("line").textContent = fill(words[word] ?? word, facts));
  const offer = (again) => {
    wake = again;
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
    if (row.action !== words.action) return;
    lines.find((line) => line.dataset.digest === reply.digest)?.setAttribute("data-done", "");
    document.querySelector("[data-missing]").textContent = reply.missing ? fill(words.lacks, { count: reply.missing }) : words.all;
  }

  for (const row of ((await stored()) ?? []).sort((one, other) => (one.at < other.at ? -1 : 1))) waiting.set(row.id, row);
  [...waiting.values()].forEach(lineUp);
  for (const [place, line] of lines.entries()) part("go", line).addEventListener("click", () => (stop(), go(place), say(""), box.scrollIntoView({ block: "start" })));
  part("record").addEventListener("click", () => (machine?.state === "recording" ? stop() : room === null ? check() : start()));
  part("redo").addEventListener("click", () => (go(at), start()));
  part("next").addEventListener("click", next);
  part("resend").addEventListener("click", () => wake?.());
  window.addEventListener("beforeunload", (event) => (machine?.state === "recording" || (waiting.size && !isSafe)) && event.preventDefault());
  if (!lines.length) return;
  at = lines.length - 1;
  const first = gap();
  go(first ?? 0);
  if (first === undefined) say("all");
  show();
  box.hidden = false;
}
