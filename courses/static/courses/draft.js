// In the lesson's form: a preview of the text beside it while it is written.
// The server renders it, as it does when the lesson is saved; nothing is stored.

const PAUSE = 500;
// A picture that was just sent is requested again until the worker has made it.
const AGAIN = [1000, 2000, 3000, 5000, 8000];
const box = document.querySelector("[data-draft]");
const body = document.querySelector("[data-markdown]");
const form = body?.form;
const frame = box?.querySelector("iframe");
const status = box?.querySelector("[data-status]");
let timer = 0;
let running = null;
let waited = 0;

if (form) {
  body.closest(".form-row").append(box);
  box.hidden = false;
  frame.hidden = false;
  for (const kind of ["input", "change"]) form.addEventListener(kind, later);
  document.addEventListener("formset:removed", later);
  look();
}

function later() {
  clearTimeout(timer);
  waited = 0;
  timer = setTimeout(look, PAUSE);
}

/** All fields but the files: pictures go by the keys of photos that were sent already, or as ones to come. */
function fields() {
  const sent = new FormData(form);
  for (const [name, value] of [...sent]) {
    if (!(value instanceof File)) continue;
    sent.delete(name);
    if (value.size) sent.set(name.replace(/_new$/, ""), "new");
  }
  sent.set("lesson", box.dataset.lesson);
  return sent;
}

async function look() {
  running?.abort();
  const mine = (running = new AbortController());
  try {
    const answer = await fetch(box.dataset.draft, { method: "POST", body: fields(), signal: mine.signal });
    if (!answer.ok) throw new Error(answer.status);
    const shown = await answer.json();
    show(shown);
    if (shown.waits && waited < AGAIN.length) timer = setTimeout(look, AGAIN[waited++]);
  } catch {
    if (!mine.signal.aborted) fail();
  }
}

function show(answer) {
  if (status.dataset.html !== answer.status) {
    status.dataset.html = answer.status;
    status.replaceChildren(...new DOMParser().parseFromString(answer.status, "text/html").body.childNodes);
  }
  const page = frame.contentDocument;
  const main = page?.querySelector("main");
  if (!main) {
    frame.srcdoc = answer.page;
    return;
  }
  // In place, so that it stays scrolled where it was.
  const fresh = new DOMParser().parseFromString(answer.page, "text/html").querySelector("main");
  main.replaceWith(page.adoptNode(fresh));
}

function fail() {
  const line = document.createElement("p");
  line.className = "draft__amiss";
  line.textContent = box.dataset.failed;
  status.replaceChildren(line);
  timer = setTimeout(look, 10_000);
}
