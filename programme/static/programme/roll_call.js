// The roll call: each tap is a fact with an id and the time of the tap, which waits in the outbox until the server has named it.
// Where nothing can be stored on the phone the form is sent as it is.
//   <… data-user data-session data-how data-outbox data-now data-stored data-recorded data-known> with #roll, whose
//   rows are <li data-person data-mark> with radios; the counts and buttons are in [data-roll-dock].
import walkIns from "./walk_ins.js";

const EVERY = 15000; // ms between looks at who has signed in by the code
const PATIENCE = 3000; // ms
const SKEW = "skew"; // the note with what the phone's clock lacks, in ms

export default async function rollCall(root) {
  const { user, how, stored, recorded } = root.dataset;
  const session = Number(root.dataset.session);
  const outbox = await import(root.dataset.outbox);
  const form = root.querySelector("#roll");
  const dock = document.querySelector("[data-roll-dock]");
  const rows = new Map([...form.querySelectorAll("[data-person]")].map((row) => [Number(row.dataset.person), row]));
  // Uses the server's clock: a phone whose clock is wrong must not date a mark before an earlier one. A stored page does not
  // know what time it is: the difference is noted whenever the server answers.
  let skew = (await outbox.note(SKEW).catch(() => 0)) ?? 0;
  const now = () => new Date(Date.now() + skew);
  const past = []; // what can be taken back, the last at the end: [{ person, before }]
  const tapped = new Map(); // person → when, so that an answer that was on its way does not undo it
  const undo = dock.querySelector("[data-undo]");
  const others = await walkIns(root, { outbox, session, now, count });

  for (const name of ["[data-undo]", "[data-finish]"]) dock.querySelector(name).hidden = false;
  dock.querySelector("[data-save]").hidden = true;
  form.addEventListener("change", ({ target }) => {
    const row = target.closest("[data-person]");
    if (row && target.type === "radio") record([row], target.value, how).catch(() => form.submit());
  });
  dock.querySelector("[name=rest]").addEventListener("click", (event) => {
    event.preventDefault();
    const left = [...rows.values()].filter((row) => row.dataset.mark === "open");
    if (left.length) record(left, "absent", "rest").catch(() => null);
  });
  undo.addEventListener("click", () => back().catch(() => null));
  dock.querySelector("[data-finish]").addEventListener("click", finish);
  // The page's own script sends what was added, a moment after the last tap (outbox/phone.js).
  window.addEventListener("farm:outbox", ({ detail }) => {
    const mine = detail.sent.filter((one) => ["attendance", "walk_in"].includes(one.kind));
    if (mine.some((one) => one.state === "aside")) root.querySelector("[data-aside]").hidden = false;
    if (detail.problem) say(stored);
    if (!mine.length) return;
    say(recorded);
    root.dispatchEvent(new Event("kept:renew"));
    look().catch(() => null);
  });
  for (const { body } of await waiting()) show(rows.get(body.person), body.mark);
  count();
  setInterval(() => document.hidden || look().catch(() => null), EVERY);
  await look().catch(() => null); // the page may be a stored one, or be shown again by "back"

  async function waiting() {
    return (await outbox.waiting(user)).filter((one) => one.kind === "attendance" && one.body.session === session);
  }

  // One fact for each row; the page shows it at once.
  async function record(some, mark, by, canUndo = true) {
    const before = some.map((row) => ({ person: Number(row.dataset.person), before: row.dataset.mark }));
    for (const row of some) show(row, mark);
    for (const { person } of before) tapped.set(person, Date.now());
    if (canUndo) past.push(before);
    count();
    for (const { person } of before) await outbox.add(user, "attendance", { session, person, mark, how: by }, now());
  }

  async function back() {
    for (const { person, before } of past.pop() ?? []) await record([rows.get(person)], before, how, false);
  }

  // The next page is the server's: it gets what waits first, if it can.
  async function finish(event) {
    event.preventDefault();
    await Promise.race([outbox.send().catch(() => null), new Promise((done) => setTimeout(done, PATIENCE))]);
    location.assign(event.target.closest("a").href);
  }

  function show(row, mark) {
    if (!row) return;
    row.dataset.mark = mark;
    for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === mark;
  }

  function count() {
    const marks = [...rows.values()].map((row) => row.dataset.mark);
    for (const chip of dock.querySelectorAll("[data-count]")) {
      const more = chip.dataset.count === "present" ? others.count() : 0;
      chip.querySelector("b").textContent = marks.filter((mark) => mark === chip.dataset.count).length + more;
    }
    undo.disabled = !past.length;
  }

  // What the server knows: who signed in by the code, and what a second phone recorded. What still waits here counts more.
  async function look() {
    const own = new Set((await waiting()).map((one) => one.body.person));
    const began = Date.now();
    const answer = await fetch(root.dataset.now, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const { marks, now: at } = await answer.json();
    await outbox.setNote(SKEW, (skew = Date.parse(at) - Date.now())).catch(() => null);
    for (const [person, row] of rows) {
      if (!own.has(person) && (tapped.get(person) ?? 0) < began && marks[person]) show(row, marks[person]);
    }
    count();
  }
}

function say(text) {
  const line = document.getElementById("status");
  if (!line) return;
  line.textContent = "";
  setTimeout(() => (line.textContent = text), 50);
}
