// The page of one task: what is chosen and typed is stored on the phone, handed in when there is a signal, and its state shown.
// Without a store, or where the server has already received a part by a plain form, the form is sent as it is.

export default async function task(root) {
  const form = root.querySelector("form");
  const [parts, outbox, { shrink }] = await Promise.all([import(root.dataset.script), import(root.dataset.outbox), import(root.dataset.shrink)]);
  const known = JSON.parse(root.dataset.facts);
  const { user, words } = known;
  const { store, checks } = parts;
  if (!window.indexedDB || (form && form.querySelector("[data-shots] [data-shot], [data-plain]"))) return;

  const part = (name) => root.querySelector(`[data-${name}]`);
  const problem = (text, isShown = false) => {
    const box = part("problem");
    if (!box) return;
    box.hidden = !text;
    box.querySelector("[data-text]").textContent = text;
    if (text && isShown) box.scrollIntoView({ block: "center" });
  };
  const shell = form?.closest(".card");
  let draft, made;
  let isAsked = false; // whether it was asked once why nothing is ticked
  const work = () => (made ??= store.putWork((draft ??= fresh())).then(() => draft));
  const fresh = () => ({ id: outbox.newId(), user, task: known.task, state: "draft", at: new Date().toISOString(), body: {}, files: 0, urls: { begin: known.begin, ticket: known.ticket, photos: known.photos, documents: known.documents } });

  const line = parts.sender({ user, store, outbox, tus: parts.tus, onState: show });
  const box = form && form.querySelector("[data-picks]") && form.querySelector("input[type=file]")
    ? parts.picks({ root, store, known, checks, films: parts.films, shrink, say: problem, newId: outbox.newId, work, onChange: cost })
    : null;

  await begin();
  line.kick();

  async function begin() {
    draft = await store.draftOf(user, known.task);
    if (draft) made = Promise.resolve(draft);
    await box?.restore(draft);
    const waits = (await store.pendingOf(user)).filter((row) => row.task === known.task && row.state !== "aside");
    if (waits.length || (await outbox.waiting(user).catch(() => [])).some((one) => one.kind === "task" && one.body.task === known.task)) handed();
    form?.addEventListener("submit", submit);
    cost();
  }

  // --- the form

  function body() {
    const values = new FormData(form);
    const given = known.kind === "listing" || known.kind === "rundown" || known.kind === "rehearsal" ? values.getAll("given").map(Number) : [];
    const chosen = { listing: { product: given[0] }, rundown: { rundown: given[0] }, rehearsal: { submissions: given } }[known.kind] ?? {};
    return { text: values.get("text") ?? "", ticks: values.getAll("ticks"), sealed: values.get("sealed") ?? "", ...chosen };
  }

  function missing({ text, product, rundown, submissions }) {
    const over = checks.countOver(text, known.most_text);
    if (over) return checks.fill(words.long, { most: known.most_text, over });
    if (known.kind === "text") return text.trim() ? "" : words.missing_text;
    if (box) return box.rows.length ? "" : words.missing;
    return product || rundown || submissions?.length ? "" : words.missing_choice;
  }

  function cost() {
    const said = part("cost");
    if (!said) return;
    const bytes = (box?.rows ?? []).reduce((sum, row) => sum + row.size - row.sent, 0);
    const stored = (box?.rows ?? []).filter((row) => store.isStored(row.id)).length;
    const sentence = bytes ? checks.fill(words.cost, { mb: checks.mb(bytes) }) : known.kind === "text" ? words.cost_none : "";
    said.textContent = [sentence, stored ? checks.fill(words.stored, { n: stored }) : ""].filter(Boolean).join(words.stop);
  }

  async function submit(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const given = body(), why = missing(given) || box?.rows.find((row) => row.refused)?.refused;
    if (why) return problem(why);
    if (!isAsked && !given.ticks.length && form.querySelector("[name=ticks]")) return (isAsked = true), problem(words.unticked);
    problem("");
    const row = Object.assign(await work(), { body: given, state: "ready", at: new Date().toISOString(), files: box?.rows.length ?? 0 });
    const isStored = await store.putWork(row);
    if (!isStored && !box) return form.submit();
    [draft, made] = [undefined, undefined];
    form.reset(); // else what was typed would be kept as a draft of the next
    try {
      localStorage.removeItem(`draft:${user}:${form.dataset.draft}`);
    } catch { /* no storage */ }
    handed();
    root.querySelector("[data-handed]").focus();
    line.kick();
  }

  function handed() {
    part("handed").hidden = false;
    part("kept").textContent = words.kept;
    if (form) shell.hidden = true;
  }

  // --- what is on its way

  function show({ work: row, problem: why, sentence, file, sent, handing }) {
    if (Array.isArray(sent)) return arrived(sent);
    if (row && row.task !== known.task) return;
    const text = why === "refused" ? checks.fill(words.refused, { why: sentence }) : why ? (words[why] ?? words.busy) : handing ? words.handing : file ? checks.fill(words.sending, { n: file.position + 1, sent: checks.mb(sent), all: checks.mb(file.size) }) : "";
    if (why === "aside") part("handed").hidden = true;
    part("line").hidden = !text;
    part("line").querySelector("[data-text]").textContent = text;
    const bar = part("bar");
    bar.hidden = !file;
    if (file) Object.assign(bar, { max: file.size, value: sent });
    if (why === "refused" || why === "lost") again();
  }

  // A part was refused: the form is back, with what it had.
  async function again() {
    part("handed").hidden = true;
    if (form) Object.assign(shell, { hidden: false, open: true });
    draft = await store.draftOf(user, known.task);
    made = draft && Promise.resolve(draft);
    await box?.restore(draft);
    if (!draft || !form) return;
    form.elements.text.value = draft.body.text;
    for (const tick of form.querySelectorAll("[name=ticks]")) tick.checked = draft.body.ticks.includes(tick.value);
  }

  // The page that the server makes now shows the receipt, or the reason why it was set aside.
  function arrived(sent) {
    if (sent.some((one) => one.state === "aside")) return show({ problem: "aside" });
    root.dispatchEvent(new CustomEvent("kept:renew"));
    location.replace(known.page);
  }
}
