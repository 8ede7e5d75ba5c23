// A quiz offline: the paper is fetched once and answered here, question after question, as on the server's
// own page. Every answer is stored in the outbox at once, so that nothing is lost if the page is closed.
//   <section data-module data-paper="/learn/quizzes/1/paper/" data-quiz data-user data-judge data-feedback data-outbox
//            data-order data-keeping hidden>   with <template data-icon>s, a <button data-fetch>, a <p data-note> and an empty <div data-page>
const PATIENCE = 3000; // ms
const SLOWEST = 15_000; // ms for one picture
const nameOf = (user, quiz) => `paper:${user}:${quiz}`;

function load(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

function store(name, paper) {
  try {
    if (paper) localStorage.setItem(name, JSON.stringify(paper));
    else localStorage.removeItem(name);
  } catch { /* a full phone: this page alone has it */ }
}

// The pictures of a paper are stored where the service worker looks for them.
async function storePictures(user, pictures, left) {
  const cache = await self.caches?.open(`farm-kept-${Number(user)}`);
  const urls = cache ? [...new Set(pictures)] : [];
  for (const [n, url] of urls.entries()) {
    left(urls.length - n);
    // One that does not come keeps neither the others nor the quiz waiting.
    if (!(await cache.match(url))) await cache.add(new Request(url, { signal: AbortSignal.timeout?.(SLOWEST) })).catch(() => null);
  }
}

// Plays a paper inside `page`. parts: {judge, feedback, outbox, order}, the modules; given: {position: answer} so far.
export function play(page, paper, { user, icons, parts, given = {}, remember = () => {}, ended = () => {} }) {
  const { judge, feedback, outbox, order } = parts;
  const { words } = paper;
  const marks = new Map(Object.entries(paper.answered).map(([at, right]) => [Number(at), right]));
  for (const [at, answer] of Object.entries(given)) marks.set(Number(at), right(Number(at), answer));

  function question(at) { return paper.questions[paper.order[at - 1]]; }
  function right(at, answer) { return paper.tells ? judge.judge(question(at), answer) : null; }
  function button(text, cls = "btn btn--main btn--wide") {
    const found = feedback.make("button", cls, text);
    return found;
  }

  function next() {
    const at = paper.order.findIndex((_item, n) => !marks.has(n + 1)) + 1;
    return judge.score(paper, marks).over || !at ? end() : ask(at);
  }

  function ask(at) {
    const one = question(at);
    const form = feedback.make("form", "stack");
    form.append(...new DOMParser().parseFromString(one.html, "text/html").body.childNodes); // of our own template
    if (one.kind === "order") order.default(form.querySelector(".q__order"));
    const problem = feedback.make("p", "error");
    problem.setAttribute("role", "alert");
    form.append(problem, button(words.send));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = judge.read(one, form);
      if (answer === null) return void (problem.textContent = one.kind === "number" && form.elements.answer.value.trim() ? words.number : words.none);
      one.pictures = new Map([...form.querySelectorAll(".q__pics label")].map((label) => [label.querySelector("input").value, label.querySelector(".pic")]));
      if (await keep(at, answer, problem)) explain(at, one, answer);
    });
    const counter = feedback.fill(paper.mastery ? words.nth : words.nth_of, { n: at, all: paper.order.length });
    const line = [counter, paper.until].filter(Boolean).join(" \u00b7 ");
    const bar = Object.assign(feedback.make("progress"), { max: paper.order.length, value: marks.size });
    bar.setAttribute("aria-label", words.bar);
    show(feedback.make("p", "soft num", line), ...(paper.mastery ? [] : [bar]), form);
  }

  // Stored on the disk before the page continues; if that fails, a message appears and the answer stays in the form.
  async function keep(at, answer, problem) {
    try {
      await outbox.add(user, "attempt", { attempt: paper.attempt, answers: { [at]: answer }, finished: false });
    } catch {
      problem.textContent = words.full;
      return false;
    }
    given[at] = answer;
    marks.set(at, right(at, answer));
    remember(given);
    outbox.send();
    return true;
  }

  function explain(at, one, answer) {
    const on = button(judge.score(paper, marks).over ? words.end : words.next);
    on.addEventListener("click", next);
    const after = paper.tells ? feedback.explain(one, answer, marks.get(at), words, icons) : [feedback.make("p", "note note--leaf", words.kept)];
    show(feedback.make("div", "q__text", feedback.make("h1", "", one.text)), ...after, on);
    on.focus();
  }

  async function end() {
    await outbox.add(user, "attempt", { attempt: paper.attempt, answers: given, finished: true }).catch(() => null);
    outbox.send();
    ended();
    const { right, total, passed } = judge.score(paper, marks);
    const verdict = !paper.tells || !paper.judged ? words.done : passed ? words.passed : words.failed;
    const see = feedback.make("a", "btn btn--line btn--wide", words.see);
    see.href = paper.url;
    const line = paper.tells ? feedback.fill(words.score, { n: right, all: total }) : words.later;
    show(feedback.make("h1", verdict === words.passed ? "leaf" : "", verdict), feedback.make("p", "", line), feedback.make("p", "note note--leaf", words.kept), see);
  }

  function show(...parts) {
    page.replaceChildren(...parts);
    page.tabIndex = -1;
    page.focus({ preventScroll: true });
    page.scrollIntoView({ block: "start" });
  }

  next();
}

export default async function quizpaper(element) {
  const { user, quiz, paper: url } = element.dataset, icons = [...element.querySelectorAll("template[data-icon]")];
  const name = nameOf(user, quiz);
  const page = element.querySelector("[data-page]");
  const note = element.querySelector("[data-note]");
  const fetcher = element.querySelector("[data-fetch]");
  // Only the paper needs this stylesheet; loaded by the page it would delay the page's text.
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: element.dataset.sheet }));
  const loaded = await Promise.all(["judge", "feedback", "outbox", "order", "keeping"].map((part) => import(element.dataset[part]))).catch(() => null);
  if (!loaded) return; // without storage or modules the server's own pages are used
  const [judge, feedback, outbox, order, keeping] = loaded;
  const parts = { judge, feedback, outbox, order };

  function begin({ paper, given }) {
    for (const other of document.querySelectorAll("[data-online]")) other.hidden = true;
    fetcher.hidden = true;
    note.textContent = "";
    play(page, paper, { user, icons, parts, given, remember: (all) => store(name, { paper, given: all }), ended: () => (store(name, null), keeping.sweep(outbox, user, keeping.pictures(paper)).catch(() => null)) });
  }

  async function fetchPaper() {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" } }).catch(() => null);
    const isOurs = answer?.headers.get("Content-Type")?.startsWith("application/json");
    const body = isOurs ? await answer.json() : {};
    if (!body.attempt) return void (note.textContent = body.problem ?? element.dataset.failed);
    const paper = { paper: body, given: {} };
    store(name, paper);
    await storePictures(user, keeping.pictures(body), (n) => (note.textContent = element.dataset.storing.replace("{n}", n))).catch(() => null);
    begin(paper);
  }

  // A second tap while pictures are stored would begin again and drop what was answered meanwhile.
  fetcher.addEventListener("click", async () => {
    fetcher.disabled = true;
    try { await fetchPaper(); } finally { fetcher.disabled = false; }
  });
  element.hidden = false;
  const before = load(name);
  if (before?.paper?.attempt) kept(before, element, fetcher, () => begin(before));
}

// With a paper on the phone one button is shown: the server's when online, the paper's when offline.
function kept(before, element, fetcher, begin) {
  const form = document.querySelector("[data-online] form[data-start]");
  const isNew = !Object.keys(before.given).length && !Object.keys(before.paper.answered).length;
  fetcher.textContent = isNew ? element.dataset.first : element.dataset.again;
  fetcher.classList.replace("btn--line", "btn--main");
  fetcher.addEventListener("click", (event) => (event.stopImmediatePropagation(), begin()), { capture: true });
  const settle = () => ((fetcher.hidden = navigator.onLine && Boolean(form)), form && (form.hidden = !navigator.onLine));
  for (const turn of ["online", "offline"]) window.addEventListener(turn, () => element.querySelector("[data-page]").children.length || settle());
  settle();
  // A phone may wrongly report a connection: this is checked before its only way on is an offline page.
  let isAsking = false;
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    const answer = await fetch(location.href, { method: "HEAD", signal: AbortSignal.timeout?.(PATIENCE) }).catch(() => null);
    isAsking = false;
    if (answer && answer.status < 500) form.submit();
    else begin();
  });
}
