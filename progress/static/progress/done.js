// “学完了”: the fact gets its id and time on this phone, when the button is tapped, and waits in the outbox until the
// server has named it. Where nothing can be stored on the phone the form is sent normally.
//   <form data-user data-lesson data-at data-outbox data-sending data-sent data-kept data-login data-again>
export default async function done(form) {
  const { user, at, outbox: url, sending, sent, kept, login, again } = form.dataset;
  const lesson = Number(form.dataset.lesson);
  const label = form.querySelector("[data-label]");
  const outbox = import(url);
  let busy = false;
  let event; // its id, while it waits

  form.addEventListener("submit", (submit) => {
    submit.preventDefault();
    go().catch(() => form.submit());
  });
  window.addEventListener("farm:outbox", ({ detail }) => {
    const mine = event && detail.sent.find((one) => one.id === event);
    if (!mine || !form.isConnected) return;
    if (mine.state === "aside") location.reload();
    else finish();
  });

  async function waits() {
    const { waiting } = await outbox;
    return (await waiting(user)).find((one) => one.kind === "done" && one.body.lesson === lesson)?.id;
  }

  async function go() {
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    label.textContent = sending;
    const { add, send } = await outbox;
    event ??= (await waits()) ?? (await add(user, "done", { lesson }));
    const { problem } = await send();
    const left = await waits();
    if (!form.isConnected) return;
    if (left) stay(problem === "login" ? login : kept);
    else finish(); // another tab has sent it
  }

  function stay(text) {
    busy = false;
    form.removeAttribute("aria-busy");
    label.textContent = again;
    const line = form.querySelector("[data-note]") ?? document.createElement("p");
    Object.assign(line, { className: "soft", textContent: text });
    line.dataset.note = "";
    form.append(line);
    say(text);
  }

  function finish() {
    const held = form.contains(document.activeElement);
    const dock = form.closest("[data-dock]");
    form.replaceWith(dock.querySelector("template").content.cloneNode(true));
    if (held) dock.querySelector("[data-focus]")?.focus();
    try { sessionStorage.setItem(`ticked:${user}`, Date.now()); } catch { /* then Back shows what was kept */ }
    say(sent);
  }

  const loaded = await outbox.catch(() => null);
  if (!loaded) return;
  // A stored page shows the lesson as it was when stored; lessons acknowledged since then are finished.
  const since = await loaded.note(`done:${user}:${lesson}`).catch(() => null);
  if (since && Date.parse(since) > Date.parse(at)) return finish();
  event = await waits().catch(() => undefined);
  if (event) await go();
}

function say(text) {
  const line = document.getElementById("status");
  if (!line) return;
  line.textContent = "";
  setTimeout(() => (line.textContent = text), 50);
}
