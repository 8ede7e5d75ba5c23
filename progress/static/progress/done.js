// “学完了”: the fact gets its id and its time on this phone, when it is tapped, and stays here until the
// server has answered; so a tap is sent again under the same id, and is never lost and never counted twice.
//   <form data-user="7" data-sending data-sent data-kept data-again>   the button of a lesson
//   <div hidden data-user="7" data-token>                              sends what is still here
const LONGEST = 20000;
let memory = {};

function read(user) {
  try { return JSON.parse(localStorage.getItem(`done:${user}`)) ?? {}; } catch { return memory; }
}

function write(user, all) {
  memory = all;
  try {
    if (Object.keys(all).length) localStorage.setItem(`done:${user}`, JSON.stringify(all));
    else localStorage.removeItem(`done:${user}`);
  } catch { /* private browsing or a full phone: then only as long as this page lives */ }
}

// randomUUID is missing on plain http, which is what a village's own computer speaks.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function keep(user, url) {
  const all = read(user);
  all[url] ??= { event_id: newId(), happened_at: new Date().toISOString() };
  write(user, all);
  return all[url];
}

function forget(user, url) {
  const all = read(user);
  delete all[url];
  write(user, all);
  try { sessionStorage.setItem(`ticked:${user}`, Date.now()); } catch { /* then Back shows what was kept */ }
}

async function send(user, url, event, token) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST);
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ ...event, csrfmiddlewaretoken: token }),
      headers: { Accept: "application/json" },
      signal: stop.signal,
    });
    // Anything but our own answer (a sign-in page, a proxy's error) means that it has not arrived.
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
    const answer = isOurs ? await response.json() : {};
    if (response.ok && answer.event_id) {
      forget(user, url);
      return answer;
    }
    throw new Error(answer.problem ?? "");
  } finally {
    clearTimeout(timer);
  }
}

function say(text) {
  const line = document.getElementById("said");
  if (!line) return;
  line.textContent = "";
  setTimeout(() => (line.textContent = text), 50);
}

function button(form) {
  const { user, sending, sent, kept, again } = form.dataset;
  const url = new URL(form.action).pathname;
  const press = form.querySelector("button");
  const label = form.querySelector("[data-label]");
  let busy = false;

  function waiting(text) {
    busy = false;
    form.removeAttribute("aria-busy");
    label.textContent = again;
    note(form, text || kept);
    say(text || kept);
  }

  async function go() {
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    label.textContent = sending;
    try {
      const answer = await send(user, url, keep(user, url), form.elements.csrfmiddlewaretoken.value);
      const held = form.contains(document.activeElement);
      const dock = form.closest("[data-dock]");
      dock.outerHTML = answer.dock;
      if (held) document.querySelector("[data-dock] [data-focus]")?.focus();
      say(sent);
    } catch (error) {
      waiting(error instanceof TypeError || error.name === "AbortError" ? "" : error.message);
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  window.addEventListener("online", () => form.isConnected && read(user)[url] && go());
  if (read(user)[url]) go();
  press.disabled = false;
}

function note(form, text) {
  const line = form.querySelector("[data-note]") ?? document.createElement("p");
  line.dataset.note = "";
  line.className = "soft";
  line.textContent = text;
  form.append(line);
}

async function rest(element) {
  const { user, token } = element.dataset;
  const line = document.querySelector("[data-done-waiting]");
  const left = Object.entries(read(user));
  if (!left.length) return;
  line.hidden = false;
  line.textContent = line.dataset.waiting;
  for (const [url, event] of left) await send(user, url, event, token).catch(() => null);
  if (!Object.keys(read(user)).length) return location.reload();
  line.textContent = line.dataset.kept;
  say(line.dataset.kept);
}

export default (element) => (element.matches("form") ? button(element) : rest(element));
