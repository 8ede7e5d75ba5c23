// "1:16 note": one tap notes the moment, then the sheet takes the text. Each note has an id made here and stays on
// this phone until the server has acknowledged it.
import { clock, tenth } from "./review-film.js";
import { asSheet, newId, redraw } from "./review-sheet.js";

export default function note(box) {
  const form = box.querySelector("[data-note-form]");
  const opener = document.querySelector("a[data-note]");
  const notes = box.querySelector("[data-notes]");
  const storedAs = `notes:${box.dataset.user}:${box.dataset.review}`;
  const phrase = form.querySelector("input[name=phrase]"); // its buttons carry the same name
  const { at, key, text, until, criterion, asks_again: again, voice, csrfmiddlewaretoken: token } = form.elements;
  const stops = form.querySelector("[data-stops]");
  const says = document.querySelector("[data-draft-status]");
  const sheet = asSheet(form.closest("[data-sheet]"), form.querySelector("h2"));
  let [goesOn, closing] = [false, false];

  form.querySelector("[data-plain]").hidden = true;
  for (const each of form.querySelectorAll("[data-close], [data-note-at]")) each.hidden = false;
  try { stops.checked = localStorage.getItem("note-stops") === "1"; } catch { /* nothing can be stored */ }
  stops.addEventListener("change", () => { try { localStorage.setItem("note-stops", stops.checked ? "1" : ""); } catch { /* nothing can be stored */ } });

  function tones() {
    const tone = form.elements.tone.value;
    for (const each of form.querySelectorAll("[data-phrases] [data-tone]")) each.hidden = each.dataset.tone !== tone;
  }

  function fill(facts) {
    write(facts);
    form.querySelector("[data-note-at]").textContent = clock(facts.at * 1000);
    form.querySelectorAll(".error, .errors").forEach((each) => each.remove());
    form.dispatchEvent(new CustomEvent("note:filled"));
    tones();
    sheet.showModal();
  }

  function write(facts) {
    at.value = facts.at;
    key.value = facts.key;
    text.value = facts.text ?? "";
    until.value = facts.until ?? "";
    criterion.value = facts.criterion ?? "";
    again.checked = Boolean(facts.again);
    voice.value = facts.voice ?? "";
    phrase.value = "";
    form.elements.tone.value = facts.tone ?? "change";
  }

  function close() {
    closing = true;
    sheet.close();
    closing = false;
    if (goesOn) box.dispatchEvent(new CustomEvent("film:go"));
    goesOn = false;
  }

  opener.addEventListener("click", (event) => {
    event.preventDefault();
    const where = { ms: 0, playing: false };
    box.dispatchEvent(new CustomEvent("film:where", { detail: where }));
    if (stops.checked) box.dispatchEvent(new CustomEvent("film:stop"));
    goesOn = stops.checked && where.playing;
    fill({ at: tenth(where.ms), key: newId() });
    keep(); // the second is stored before anything is shown
  });
  // A ready phrase: one tap, and the film continues.
  const quick = box.querySelector("[data-quick]");
  const answer = quick?.querySelector("[data-quick-answer]");
  if (quick) quick.hidden = false;
  for (const each of quick?.querySelectorAll("button") ?? []) {
    each.addEventListener("click", () => {
      const where = { ms: 0, playing: false };
      box.dispatchEvent(new CustomEvent("film:where", { detail: where }));
      write({ at: tenth(where.ms), key: newId(), tone: each.dataset.tone, text: each.textContent.trim() });
      phrase.value = each.value;
      keep();
      answer.textContent = answer.dataset.noted.replace("{at}", clock(where.ms)).replace("{text}", each.textContent.trim());
    });
  }
  form.addEventListener("change", (event) => event.target.name === "tone" && tones());
  form.querySelector("[data-close]").addEventListener("click", close);
  sheet.addEventListener("click", (event) => event.target === sheet && close());
  sheet.addEventListener("close", () => closing || close());

  // The text is stored first on this phone, then on the server.
  const waiting = () => { try { return JSON.parse(localStorage.getItem(storedAs)) ?? {}; } catch { return {}; } };
  const store = (all) => { try { localStorage.setItem(storedAs, JSON.stringify(all)); } catch { /* full: it is sent all the same */ } };

  function keep() {
    const body = new URLSearchParams(new FormData(form)).toString();
    const all = waiting();
    all[key.value] = body;
    store(all);
    form.dispatchEvent(new CustomEvent("note:kept", { detail: { id: key.value, body } }));
    return send(key.value, body);
  }

  // One at a time: of two changes of one note the later must arrive last.
  let turn = Promise.resolve();
  const send = (id, body) => (turn = turn.then(() => deliver(id, body)));

  async function deliver(id, body) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json", "X-CSRFToken": token.value };
    const answer = await fetch(form.action, { method: "POST", headers, body }).catch(() => null);
    const reply = await answer?.json().catch(() => null);
    // Without one of these it is no answer about the note: the database may be away.
    if (!(answer?.ok && reply) && !reply?.problem && !reply?.errors) return (says.textContent = box.querySelector("[data-marks]").dataset.keeping), null;
    const all = waiting();
    if (all[id] === body) delete all[id]; // a refusal is an answer too: the page shows the reason
    store(all);
    if (answer.ok) return show(reply);
    says.textContent = reply.problem ?? Object.values(reply.errors).flat().join(" ");
    if (reply.errors && sheet.open) complain(reply.errors);
    return false;
  }

  // What was spoken has arrived (review-voice.js), perhaps long after the note was closed.
  form.addEventListener("voice:sent", async ({ detail: { id, body, voice: spoken, end } }) => {
    const all = waiting();
    const latest = new URLSearchParams(all[id] ?? body);
    latest.set("voice", spoken);
    all[id] = latest.toString();
    store(all);
    end((await send(id, all[id])) !== null);
  });

  function complain(errors) {
    form.querySelectorAll(".error").forEach((each) => each.remove());
    for (const [name, words] of Object.entries(errors)) {
      const field = form.elements[name]?.closest?.(".field") ?? form.querySelector("h2").parentElement;
      field.closest("details")?.setAttribute("open", "");
      const line = Object.assign(document.createElement("p"), { className: "error", textContent: words.join(" ") });
      line.setAttribute("role", "alert");
      field.append(line);
    }
  }

  function show(reply) {
    redraw(notes, reply.notes);
    redraw(box.querySelector("[data-line] [data-marks]"), reply.line);
    edits();
    return true;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    phrase.value = event.submitter?.name === "phrase" ? event.submitter.value : "";
    if (phrase.value) text.value ||= event.submitter.textContent.trim();
    if (await keep() || waiting()[key.value]) close();
  });

  function edits() {
    for (const each of notes.querySelectorAll("[data-edit]")) {
      each.hidden = false;
      const { edit, at: ms, until: end, ...facts } = each.dataset;
      each.onclick = () => fill({ ...facts, key: edit, at: ms / 1000, until: end && end / 1000 });
    }
  }

  notes.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-remove]")) return;
    event.preventDefault();
    const answer = await fetch(event.target.action, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(event.target) }).catch(() => null);
    const reply = await answer?.json().catch(() => null);
    if (answer?.ok && reply) {
      form.dispatchEvent(new CustomEvent("note:removed", { detail: { id: event.target.dataset.remove } }));
      show(reply);
    } else says.textContent = reply?.problem ?? box.querySelector("[data-marks]").dataset.keeping;
  });

  const rest = () => Object.entries(waiting()).forEach(([id, body]) => send(id, body));
  window.addEventListener("online", rest);
  edits();
  rest();
}
