// A film's way to the server: in pieces, over a line that may break, across a reload of the page.
// Binds [data-tus], see media/admin_forms.py; the file's own input works without it, up to 120 MB.
const PIECE = 512 * 1024;
const POLL = [1000, 2000, 3000, 5000];
const AGAIN = 15_000;
// Nothing moved for so long: the line is dead, whatever the computer believes.
const STALL = 45_000;
const bound = new WeakSet();

export default function tus(box) {
  if (bound.has(box)) return;
  bound.add(box);
  const words = JSON.parse(box.dataset.words);
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [ref, input, bar, cancel] = ["ref", "film", "bar", "cancel"].map(part);
  const [form, old] = [box.closest("form"), ref.value];
  let job = null; // {upload, began, from, last, timer, refusal} while something is on its way
  let held = null; // a submit that waits for it
  let round = 0; // tells an old poll that another film was chosen

  const say = (word, facts = {}) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
  const tell = (text, bad = false) => {
    part("told").textContent = text;
    part("told").className = bad ? "errornote" : "";
  };
  const [mb, gb] = [1e6, 1e9].map((unit) => (bytes) => (bytes / unit).toFixed(1));
  const left = (ms) => (ms < 60_000 ? words.soon : say(words.minutes, { n: Math.ceil(ms / 60_000) }));

  function show(going) {
    bar.hidden = cancel.hidden = !going;
    input.disabled = going;
  }

  function progress(sent, total) {
    const now = Date.now();
    job.last = now;
    if (job.from === null) Object.assign(job, { from: sent, began: now });
    const speed = (sent - job.from) / Math.max(1, now - job.began);
    const time = speed > 0 && now - job.began > 2000 ? left((total - sent) / speed) : "…";
    Object.assign(bar, { max: total, value: sent });
    tell(say(words.sending, { sent: mb(sent), total: mb(total), time }));
  }

  // A refusal is final; all else is tried again for as long as it takes.
  function broken(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    if (job.refusal || (status >= 400 && status < 500 && status !== 409 && status !== 408)) return stop(job.refusal ?? reason(error.originalResponse));
    Object.assign(job, { from: null, last: Date.now() });
    tell(navigator.onLine ? words.again : words.offline);
    job.timer = setTimeout(go, AGAIN);
  }

  const reason = (response) => { try { return JSON.parse(response.getBody()).error; } catch { return words.stale; } };

  function go() {
    if (!job) return;
    clearTimeout(job.timer);
    Object.assign(job, { timer: null, last: Date.now() });
    job.upload.start();
  }

  function stop(text, bad = true) {
    clearTimeout(job?.timer);
    job = held = null;
    show(false);
    tell(text, bad);
  }

  // Told by the client before it makes up its mind: a server that restarts, or a session that ended, is no reason
  // to begin from zero.
  function heard(request, response) {
    const status = response.getStatus();
    if (request.getMethod() !== "HEAD" || (status !== 401 && status < 500)) return;
    if (status === 401) job.refusal = words.session;
    throw new Error(`the server answered ${status}`);
  }

  async function start(file) {
    const most = Number(box.dataset.most);
    if (file.size > most) return stop(say(words.heavy, { size: gb(file.size), most: gb(most) }));
    await import(box.dataset.client);
    const upload = new window.tus.Upload(file, {
      endpoint: box.dataset.upload,
      chunkSize: PIECE,
      retryDelays: [0, 1000, 3000, 5000],
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name },
      headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
      onAfterResponse: heard,
      onProgress: progress,
      onError: broken,
      onSuccess: () => arrived(upload),
    });
    job = { upload, began: 0, from: null, last: Date.now(), timer: null, refusal: null };
    round++;
    show(true);
    tell(words.looking);
    const [before] = await upload.findPreviousUploads();
    if (before) upload.resumeFromPreviousUpload(before);
    if (job?.upload === upload) upload.start();
  }

  function arrived(upload) {
    const [url, waiting] = [new URL(upload.url, location.href).pathname, held];
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

  input.addEventListener("change", () => {
    ref.value = old;
    round++;
    if (input.files.length) start(input.files[0]);
  });
  cancel.addEventListener("click", () => {
    job?.upload.abort(true).catch(() => {});
    input.value = "";
    stop(words.cancelled, false);
    input.focus();
  });
  window.addEventListener("online", () => job?.timer && go());
  setInterval(() => {
    if (!job || job.timer || Date.now() - job.last < STALL) return;
    job.upload.abort();
    broken({});
  }, 5000);
  window.addEventListener("beforeunload", (event) => job && event.preventDefault());
  form.addEventListener("submit", (event) => {
    if (!job) return;
    event.preventDefault();
    held = { submitter: event.submitter };
    tell(words.hold);
  });
  if (input.files.length) start(input.files[0]); // before this script was here
}

for (const box of document.querySelectorAll("[data-tus]")) tus(box);
