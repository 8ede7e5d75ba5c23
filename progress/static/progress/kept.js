// What is stored on this phone and what waits to be sent, for the signed-in person; works offline.
//   <a data-again>      on the offline page: requests the same URL once more
export default async function kept(box) {
  if (box.matches("[data-again]")) return box.addEventListener("click", (event) => (event.preventDefault(), location.reload()));
  const [outbox, keeping] = await Promise.all([import(box.dataset.outbox), import(box.dataset.keeping)]);
  // The offline page is the same for everybody: the notes in IndexedDB name the signed-in person.
  const user = Number(box.dataset.user) || (await outbox.note("who").catch(() => 0));
  const part = (name, root = box) => root.querySelector(`[data-${name}]`);
  const say = (word, facts) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name]);
  // In tenths of a megabyte, so that the listed numbers add up.
  const tenths = (bytes) => Math.max(1, Math.round(bytes / 1e5));
  const mb = (n) => (n < 10000 ? `${(n / 10).toFixed(1)} MB` : `${(n / 10000).toFixed(1)} GB`);

  async function lessons() {
    const rows = user && keeping.isPossible() ? await keeping.records(outbox, user) : [];
    const list = part("lessons");
    list.replaceChildren(...rows.map(item));
    list.hidden = part("all").hidden = !rows.length;
    part("none").hidden = rows.length > 0;
    const { quota, usage } = await keeping.room();
    part("space").hidden = !quota || !rows.length;
    part("space").textContent = say(box.dataset.used, { used: mb(rows.reduce((all, row) => all + tenths(row.bytes), 0)), free: mb(tenths(quota - usage)) });
  }

  function item(row) {
    const line = part("lesson").content.firstElementChild.cloneNode(true);
    Object.assign(part("title", line), { href: row.page, textContent: row.title, lang: row.lang });
    part("size", line).textContent = mb(tenths(row.bytes));
    part("drop", line).setAttribute("aria-label", `${part("drop", line).getAttribute("aria-label")} ${row.title}`);
    part("drop", line).addEventListener("click", async () => {
      await keeping.drop(outbox, user, row);
      lessons();
    });
    if (navigator.onLine) keeping.parts(row.check).then(({ version }) => (part("new", line).hidden = version === row.version), () => null);
    return line;
  }

  async function events() {
    const left = user ? await outbox.waiting(user).catch(() => []) : [];
    const list = part("waiting");
    list.replaceChildren(...[...new Set(left.map((one) => one.kind))].map((kind) => entry(kind, left.filter((one) => one.kind === kind).length)));
    list.hidden = part("go").hidden = !left.length;
    part("clear").hidden = left.length > 0;
    const last = user && (await outbox.note(`receipt:${user}`).catch(() => null));
    part("last").hidden = !last;
    if (last) part("last").textContent = say(box.dataset.receipt, last);
  }

  function entry(kind, n) {
    const line = part("event").content.firstElementChild.cloneNode(true);
    const words = part("kinds").content;
    part("kind", line).textContent = (words.querySelector(`[data-kind="${kind}"]`) ?? words.querySelector('[data-kind=""]')).textContent;
    part("count", line).textContent = say(box.dataset.count, { n });
    return line;
  }

  part("all").addEventListener("click", async () => {
    if (!confirm(box.dataset.sure)) return;
    for (const row of await keeping.records(outbox, user)) await keeping.drop(outbox, user, row);
    lessons();
  });
  part("go").addEventListener("click", () => outbox.send());
  window.addEventListener("farm:outbox", events);
  await Promise.all([lessons(), events()]);
}
