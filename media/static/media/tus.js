// Uploads a film in chunks, over a connection that may break, and across a reload of the page (tus_client.js).
// Binds [data-tus], see media/admin_forms.py; the file's own input works without it, up to 120 MB.
const PIECE = 512 * 1024;
const POLL = [1000, 2000, 3000, 5000];
// After a break it tries again silently, then every AGAIN.
const WAITS = [1000, 3000, 5000], AGAIN = 15_000;
// After this time without progress the connection is considered dead, whatever the computer reports.
const PATIENCE = 45_000;
const bound = new WeakSet();

// The stored URL at which an upload continues, also on another page or after a reload.
const keyOf = (file) => `upload:${file.name}:${file.size}:${file.lastModified}`;

function recall(file) {
  try { return localStorage.getItem(keyOf(file)); } catch { return null; }
}

function remember(file, url) {
  try {
    if (url) localStorage.setItem(keyOf(file), url);
    else localStorage.removeItem(keyOf(file));
  } catch { /* nothing can be kept here */ }
}

export default function tus(box) {
  if (bound.has(box)) return;
  bound.add(box);
  const words = JSON.parse(box.dataset.words);
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [ref, input, bar, cancel] = ["ref", "film", "bar", "cancel"].map(part);
  const [form, old] = [box.closest("form"), ref.value];
  let job = null; // {file, url, token, began, from, failures, timer, stop} during an upload
  let held = null; // a submit that waits for it
  let round = 0; // tells an old poll that another film was chosen

  const say = (word, facts = {}) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
  const tell = (text, bad = false) => {
    part("message").textContent = text;
    part("message").className = bad ? "errornote" : "";
  };
  const [mb, gb] = [1e6, 1e9].map((unit) => (bytes) => (bytes / unit).toFixed(1));
  const left = (ms) => (ms < 60_000 ? words.soon : say(words.minutes, { n: Math.ceil(ms / 60_000) }));

  function show(going) {
    bar.hidden = cancel.hidden = !going;
    input.disabled = going;
  }

  function progress(sent, total) {
    const now = Date.now();
    if (job.from === null) Object.assign(job, { from: sent, began: now });
    const speed = (sent - job.from) / Math.max(1, now - job.began);
    const time = speed > 0 && now - job.began > 2000 ? left((total - sent) / speed) : "…";
    Object.assign(bar, { max: total, value: sent });
    tell(say(words.sending, { sent: mb(sent), total: mb(total), time }));
  }

  // A refusal is final; after any other failure the upload is tried again without limit.
  function broken({ status = 0, sentence }) {
    if (status >= 400 && status < 500 && status !== 409 && status !== 408) return stop(sentence ?? (status === 401 ? words.session : words.stale));
    const wait = navigator.onLine ? WAITS[job.failures] : undefined;
    Object.assign(job, { from: null, failures: job.failures + 1, timer: setTimeout(go, wait ?? AGAIN) });
    if (!wait) tell(navigator.onLine ? (sentence ?? words.again) : words.offline);
  }

  async function go() {
    const mine = job;
    if (!mine) return;
    clearTimeout(mine.timer);
    mine.timer = null;
    try {
      await carry(mine, await import(box.dataset.client));
    } catch (error) {
      return job === mine ? broken(error) : undefined;
    }
    if (job === mine) arrived(mine);
  }

  async function carry(mine, client) {
    const { file } = mine;
    const options = { token: mine.token, patience: PATIENCE };
    let offset = mine.url ? await client.findOffset(mine.url, options) : null;
    if (offset === null) {
      ({ url: mine.url, offset } = await client.begin(box.dataset.upload, { size: file.size, metadata: { filename: file.name } }, options));
      if (job !== mine) return client.end(mine.url, options);
      remember(file, mine.url);
    }
    const here = (sent) => job === mine && progress(sent, file.size);
    while (job === mine && offset < file.size) {
      const blob = file.slice(offset, offset + PIECE);
      ({ offset } = await client.sendChunk(mine.url, blob, offset, { ...options, progress: here, signal: mine.stop.signal }));
      mine.failures = 0;
      here(offset);
    }
  }

  function stop(text, bad = true) {
    clearTimeout(job?.timer);
    job = held = null;
    show(false);
    tell(text, bad);
  }

  function start(file) {
    const most = Number(box.dataset.most);
    if (file.size > most) return stop(say(words.heavy, { size: gb(file.size), most: gb(most) }));
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    job = { file, token, url: recall(file), began: 0, from: null, failures: 0, timer: null, stop: new AbortController() };
    round++;
    show(true);
    tell(words.looking);
    go();
  }

  function arrived(mine) {
    const [url, waiting] = [new URL(mine.url).pathname, held];
    remember(mine.file, null);
    ref.value = `upload:${url.split("/").at(-2)}`;
    input.value = ""; // sent in pieces, not once more with the form
    stop(words.working, false);
    if (waiting) return waiting.submitter?.isConnected ? waiting.submitter.click() : form.requestSubmit();
    poll(url, round);
  }

  async function poll(url, mine, turn = 0) {
    await new Promise((resolve) => setTimeout(resolve, POLL[Math.min(turn, POLL.length - 1)]));
    const answer = mine === round ? await fetch(url).catch(() => null) : null;
    if (mine !== round || (answer && !answer.ok && answer.status < 500)) return;
    const video = answer?.ok ? await answer.json() : {};
    if (video.status === "ready") return tell(video.has_sound ? words.ready : words.mute);
    if (video.status === "failed") return tell(say(words.failed, video), true);
    if (video.status) tell(video.percent ? say(words.percent, video) : words.working);
    poll(url, mine, turn + 1);
  }

  async function cancelled({ file, url, token, stop: halt }) {
    halt.abort();
    remember(file, null);
    if (url) (await import(box.dataset.client)).end(url, { token, patience: PATIENCE }).catch(() => {});
  }

  input.addEventListener("change", () => {
    ref.value = old;
    round++;
    if (input.files.length) start(input.files[0]);
  });
  cancel.addEventListener("click", () => {
    if (job) cancelled(job);
    input.value = "";
    stop(words.cancelled, false);
    input.focus();
  });
  window.addEventListener("online", () => job?.timer && go());
  window.addEventListener("beforeunload", (event) => job && event.preventDefault());
  form.addEventListener("submit", (event) => {
    if (!job) return;
    event.preventDefault();
    held = { submitter: event.submitter };
    tell(words.hold);
  });
  if (input.files.length) start(input.files[0]); // before this script was loaded
}

for (const box of document.querySelectorAll("[data-tus]")) tus(box);
