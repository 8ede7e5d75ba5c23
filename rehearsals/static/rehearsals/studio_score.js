// The person's own score, given on the phone: stored in its outbox, so that it is handed in however bad the connection is.
const PATIENCE = 4000; // ms to wait for the receipt

export function score(view, { words, here, outbox, line, known, rows }) {
  const form = view.part("score");
  const wrong = view.part("wrong");
  const draft = `score:${known.user}:${known.live}`;

  // A phone with little memory reloads the page: ticks and text are restored.
  const fields = () => [...form.elements].filter(({ name, type }) => name && type !== "hidden" && type !== "submit");
  const valueOf = (one) => (one.type === "radio" || one.type === "checkbox" ? one.checked : one.value);
  const nameOf = (one) => (one.type === "radio" ? `${one.name}=${one.value}` : one.name);
  form.addEventListener("input", () => {
    try { localStorage.setItem(draft, JSON.stringify(Object.fromEntries(fields().map((one) => [nameOf(one), valueOf(one)])))); } catch { /* full: it stays in the form */ }
  });
  try {
    const kept = JSON.parse(localStorage.getItem(draft)) ?? {};
    for (const one of fields()) {
      if (!(nameOf(one) in kept)) continue;
      if (typeof valueOf(one) === "boolean") one.checked = kept[nameOf(one)];
      else one.value = kept[nameOf(one)];
    }
  } catch { /* nothing readable there */ }
  rows(form);

  const marks = () => new FormData(form);
  const asked = () => [...new Set([...form.querySelectorAll("[name^=mark_]")].map(({ name }) => name))];

  // [element, sentence] of each row or field that is not filled in, in the order of the page.
  function gaps() {
    const found = [];
    for (const part of form.querySelectorAll("[data-part]")) {
      const lines = [...part.querySelectorAll(".lines fieldset")];
      const empty = lines.filter((line) => !line.querySelector("[data-line]:checked"));
      const facts = { n: part.dataset.part, title: part.dataset.title, left: empty.length };
      const some = empty.length < lines.length;
      if (empty.length) found.push([some ? empty[0] : part.querySelector("fieldset"), view.fill(some ? words.unscored_some : words.unscored, facts)]);
    }
    const sentence = form.elements.change_one;
    if (!sentence.value.trim()) found.push([sentence, words.missing]);
    return found;
  }

  function missing() {
    const found = gaps();
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    for (const one of form.querySelectorAll("[data-missed]")) one.remove();
    const list = wrong.querySelector("[data-list]");
    list.replaceChildren(...found.map(([where, sentence]) => {
      const line = Object.assign(document.createElement("p"), { className: "error", textContent: sentence });
      line.dataset.missed = "";
      where.setAttribute("aria-invalid", "true");
      if (where.matches("fieldset")) where.append(line);
      else where.after(line);
      const link = Object.assign(document.createElement("a"), { href: `#${where.id}`, textContent: sentence });
      link.addEventListener("click", (event) => (event.preventDefault(), go(where)));
      const row = document.createElement("li");
      row.append(link);
      return row;
    }));
    wrong.querySelector("[data-count]").textContent = view.fill(words.wrong, { n: found.length });
    wrong.hidden = !found.length;
    for (const [where] of found) where.closest("details")?.setAttribute("open", "");
    if (found.length) {
      view.part("mine").open = false; // place for the message about missing fields
      wrong.scrollIntoView({ block: "start" });
      wrong.focus({ preventScroll: true });
    }
    return found.length;
  }

  function go(where) {
    where.closest("details")?.setAttribute("open", "");
    where.scrollIntoView({ block: "center" });
    (where.matches("fieldset") ? where.querySelector("input") : where).focus({ preventScroll: true });
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
    hand().catch(() => view.problem(words.full)).finally(() => (busy = false));
  });
}
