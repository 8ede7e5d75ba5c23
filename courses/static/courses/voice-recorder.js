// Records a lesson paragraph by paragraph, or its film line by line. A recording lies on this phone, beside the events of outbox.js,
// until the server has it; its id is made here, so sending it twice is harmless. Whoever comes back goes on where one is missing.
const KINDS = ["audio/webm;codecs=opus", "audio/mp4"];
const LISTENS = 2000; // ms of silence before the first paragraph

export default async function recorder(box) {
  const kind = window.MediaRecorder && KINDS.find((each) => MediaRecorder.isTypeSupported(each));
  if (!kind || !navigator.mediaDevices?.getUserMedia) return;
  const words = box.dataset;
  const user = Number(words.user);
  const [outbox, meter, delivery] = await Promise.all([import(words.outbox), import(words.meter), import(words.delivery)]);
  const film = words.reel && (await import(words.reel)).default(box);
  const level = (value) => (part("level").value = value);
  const part = (name, root = box) => root.querySelector(`[data-${name}]`);
  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
  const say = (word, facts = {}, number = "") => {
    part("says").textContent = word ? fill(words[word] ?? word, facts) : "";
    part("number").textContent = number && fill(words[number], facts);
  };
  const lines = [...document.querySelectorAll("[data-parts] > li")];
  const waiting = new Map(); // id → recording that is not delivered yet; one with `bad` waits for whoever said it to keep it
  let at = 0;
  let room = null; // dB of the room before anybody speaks
  let machine;
  let isSafe = true; // whether what waits is on the disk

  // --- what is stored

  const place = ({ id }) => `said:${user}:${id}`;
  const within = (mode, work) => outbox.within("notes", mode, work).catch(() => ((isSafe = false), null));
  const keep = (row) => (waiting.set(row.id, row), within("readwrite", (rows) => rows.put(row, place(row))));
  const forget = (row) => (waiting.delete(row.id), within("readwrite", (rows) => rows.delete(place(row))));
  const stored = () => within("readonly", (rows) => rows.getAll(IDBKeyRange.bound(`said:${user}:`, `said:${user}:~`)));

  const { lineUp, wake } = await delivery.default(box, { user, outbox, waiting, forget, say, show, keepUp });

  // --- what is shown

  const found = (digest, isBad) => [...waiting.values()].find((row) => row.digest === digest && row.action === words.action && !row.bad === !isBad);
  const mine = (digest) => found(digest, false);
  const doubtful = (digest) => found(digest, true);
  const toSend = () => [...waiting.values()].filter((row) => !row.bad);
  const isDone = (line) => line.hasAttribute("data-done") || Boolean(mine(line.dataset.digest));

  function show() {
    for (const line of lines) {
      const here = Boolean(mine(line.dataset.digest));
      const bad = Boolean(doubtful(line.dataset.digest));
      part("phone", line).hidden = !here;
      part("bad", line).hidden = !bad;
      part("tick", line).hidden = here || bad || !line.hasAttribute("data-done");
    }
    part("unsent").hidden = !toSend().length;
    part("count").textContent = fill(words.unsent, { count: toSend().length });
  }

  function go(place) {
    at = place;
    part("nth").textContent = fill(words.where, { nth: at + 1, all: lines.length });
    part("text").textContent = part("go", lines[at]).textContent;
    part("heard").hidden = part("after").hidden = true;
    part("record").hidden = false;
    label(room === null ? "check" : "start");
    say("");
    film?.show(lines[at]);
    const bad = doubtful(lines[at].dataset.digest);
    if (!bad) return;
    offerHeard(bad);
    say(bad.bad);
  }

  // What was said is heard; a bad one is said again, or kept on purpose.
  function offerHeard(row) {
    URL.revokeObjectURL(part("heard").src);
    part("heard").src = URL.createObjectURL(new Blob([row.content], { type: row.type }));
    part("heard").hidden = part("after").hidden = false;
    part("record").hidden = true;
    part("next").hidden = Boolean(row.bad);
    part("use").hidden = !row.bad;
  }

  async function use() {
    const row = doubtful(lines[at].dataset.digest);
    if (!row) return;
    const old = mine(row.digest);
    delete row.bad;
    await keep(row);
    if (old) await forget(old);
    lineUp(row);
    show();
    next();
  }

  const label = (word) => (part("label").textContent = words[word]);
  function keepUp({ digest, missing }) {
    lines.find((line) => line.dataset.digest === digest)?.setAttribute("data-done", "");
    document.querySelector("[data-open]")?.classList.replace("btn--line", "btn--leaf");
    document.querySelector("[data-missing]").textContent = missing ? fill(words.lacks, { count: missing }) : words.all;
  }

  const gap = () => {
    const order = [...lines.keys()].map((n) => (at + 1 + n) % lines.length);
    return order.find((n) => !isDone(lines[n]));
  };

  function next() {
    const place = gap();
    if (place === undefined) return say("all");
    go(place);
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
    say(meter.nameRoom(room), { n: Math.round(room) }, "level");
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
    const hide = runClock();
    machine.onstop = async () => {
      clearTimeout(timer);
      hide();
      const over = film?.end();
      release(stream);
      const { noise, word } = meter.judge(end(), room, Number(words.quiet));
      const blob = new Blob(pieces, { type: kind.split(";")[0] });
      const isBad = ["low", "loud"].includes(word);
      const old = [doubtful(line.dataset.digest), !isBad && mine(line.dataset.digest)].filter(Boolean);
      const row = { ...(isBad && { bad: word }), id: outbox.newId(), user, action: words.action, url: words.url, digest: line.dataset.digest, type: blob.type, noise, at: new Date().toISOString() };
      row.content = await blob.arrayBuffer();
      await keep(row);
      for (const one of old) await forget(one);
      if (!isBad) lineUp(row);
      if (lines[at] !== line) return show(); // meanwhile another one was chosen
      offerHeard(row);
      label("start");
      if (isBad) say(word);
      else if (over || machine.isLate) say(over ? "over" : "late", { n: over || words.seconds });
      else say(word, { n: noise }, "below");
      part("long", line)?.remove();
      show();
    };
    machine.start(1000);
    film?.begin(line, () => say("over", { n: 1 }));
    part("heard").pause();
    part("heard").hidden = part("after").hidden = true;
    part("record").hidden = false;
    label("stop");
    say("");
  }

  // A red dot and the time, while it is recorded; what is returned takes them away.
  function runClock() {
    const end = meter.count((time) => (part("time").textContent = fill(words.on, { time })));
    part("clock").hidden = false;
    return () => (end(), (part("clock").hidden = true));
  }

  const stop = (isLate = false) => machine?.state === "recording" && ((machine.isLate = isLate), machine.stop());

  for (const row of ((await stored()) ?? []).sort((one, other) => (one.at < other.at ? -1 : 1))) waiting.set(row.id, row);
  [...waiting.values()].forEach(lineUp);
  for (const [place, line] of lines.entries()) part("go", line).addEventListener("click", () => (stop(), go(place), box.scrollIntoView({ block: "start" })));
  part("record").addEventListener("click", () => (machine?.state === "recording" ? stop() : room === null ? check() : start()));
  part("redo").addEventListener("click", () => (go(at), start()));
  part("next").addEventListener("click", next);
  part("use").addEventListener("click", use);
  part("resend").addEventListener("click", wake);
  window.addEventListener("beforeunload", (event) => (machine?.state === "recording" || (waiting.size && !isSafe)) && event.preventDefault());
  if (!lines.length) return;
  at = lines.length - 1;
  const first = gap();
  go(first ?? 0);
  if (first === undefined) say("all");
  show();
  box.hidden = false;
}
