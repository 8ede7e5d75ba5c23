// One's own score, given on the phone: kept in its outbox, so that it is handed in whatever the line does.
const PATIENCE = 4000; // ms for which the receipt is waited for

export function score(view, { words, here, outbox, line, known }) {
  const form = view.part("score");
  const wrong = view.part("wrong");
  const draft = `score:${known.user}:${known.live}`;

  // A phone short of memory loads the page again: what was ticked and written is there still.
  const fields = () => [...form.elements].filter(({ name, type }) => name && type !== "hidden" && type !== "submit");
  const valueOf = (one) => (one.type === "radio" || one.type === "checkbox" ? one.checked : one.value);
  const nameOf = (one) => (one.type === "radio" ? `${one.name}=${one.value}` : one.name);
  form.addEventListener("input", () => {
    try { localStorage.setItem(draft, JSON.stringify(Object.fromEntries(fields().map((one) => [nameOf(one), valueOf(one)])))); } catch { /* full: it stays in the form */ }
  });
  try {
    const kept = JSON.parse(localStorage.getItem(draft)) ?? {};
    for (const one of fields()) if (nameOf(one) in kept) typeof valueOf(one) === "boolean" ? (one.checked = kept[nameOf(one)]) : (one.value = kept[nameOf(one)]);
  } catch { /* nothing readable there */ }

  const marks = () => new FormData(form);
  const asked = () => [...new Set([...form.querySelectorAll("[name^=mark_]")].map(({ name }) => name))];

  function missing() {
    const given = marks();
    const open = asked().filter((name) => !given.get(name));
    const empty = ["keep", "change_one", "change_two"].filter((name) => !given.get(name)?.trim());
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    for (const one of form.querySelectorAll("[data-missed]")) one.remove();
    const first = [...open, ...empty].map((name) => form.elements[name]);
    const groups = first.map((one) => (one instanceof RadioNodeList ? one[0].closest("fieldset") : one));
    for (const one of groups) {
      const said = Object.assign(document.createElement("p"), { className: "error", textContent: one.matches("fieldset") ? words.unscored_one : words.missing });
      said.dataset.missed = "";
      one.setAttribute("aria-invalid", "true");
      one.matches("fieldset") ? one.append(said) : one.after(said);
    }
    wrong.hidden = !groups.length;
    wrong.textContent = open.length ? view.fill(words.unscored, { n: open.length }) : empty.length ? words.missing : "";
    groups[0]?.scrollIntoView({ block: "center" });
    (groups[0]?.matches("fieldset") ? groups[0].querySelector("input") : groups[0])?.focus({ preventScroll: true });
    return groups.length;
  }

  async function hand() {
    if (!here.row || missing()) return;
    const given = marks();
    const own = { marks: Object.fromEntries(asked().map((name) => [name.replace("mark_", ""), given.get(name)])), for_peers: given.get("for_peers") === "on", note: known.note };
    for (const name of ["keep", "change_one", "change_two"]) own[name] = given.get(name).trim();
    const key = await here.hand(form.elements.key.value, own);
    localStorage.removeItem(draft);
    line.kick();
    await Promise.race([outbox.send(), new Promise((done) => setTimeout(done, PATIENCE))]);
    const left = await outbox.waiting(known.user).catch(() => []);
    if (!left.some(({ kind, body }) => kind === "handed_in" && body.rehearsal === key)) location.assign(known.rehearsal.replace("{rehearsal}", key));
    view.part("handed").textContent = words.handed;
    view.show("handed");
  }

  let busy = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    hand().catch(() => (Object.assign(wrong, { hidden: false, textContent: words.full }))).finally(() => (busy = false));
  });
}
