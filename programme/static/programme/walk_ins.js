// People who are not on the roll, written down during the roll call: a fact each, which waits in the outbox.
export default async function walkIns(root, { outbox, session, now, count }) {
  const { user, known } = root.dataset;
  const form = root.querySelector("[data-walk-in-form]");
  const list = root.querySelector("[data-walk-ins]");
  const row = root.querySelector("[data-walk-in-row]");
  const hint = form.querySelector("[data-hint]");
  const names = () => new Map([...root.querySelectorAll("[data-person]")].map((one) => [one.querySelector("[data-name]").textContent.trim(), one]));
  let asked = "";

  form.addEventListener("submit", (event) => {
    const name = form.elements.name.value.normalize("NFC").replace(/\s+/g, " ").trim();
    const phone = form.elements.phone.value.normalize("NFKC").replace(/[\s-]/g, "");
    // The server says what is wrong with anything else.
    if ([...name].length < 2 || [...name].length > 40 || !/^(1[3-9]\d{9})?$/.test(phone)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const same = names().get(name);
    if (same && asked !== name) return point(same, name);
    enter(name, phone).catch(() => form.submit());
  }, { capture: true });

  const mine = (await outbox.waiting(user)).filter((one) => one.kind === "walk_in" && one.body.session === session);
  const shown = new Set([...list.children].map((one) => one.dataset.walkIn));
  const last = new Map(mine.map(({ body }) => [body.walk_in, body]));
  for (const body of last.values()) if (body.attended && !shown.has(body.walk_in)) draw(body);
  return { count: () => list.children.length };

  function point(same, name) {
    asked = name;
    hint.textContent = known.replace("{name}", name);
    hint.hidden = false;
    same.scrollIntoView({ block: "center" });
    same.querySelector("input[type=radio]").focus({ preventScroll: true });
  }

  async function enter(name, phone) {
    const body = { session, walk_in: form.elements.key.value || outbox.newId(), name, phone, attended: true };
    await outbox.add(user, "walk_in", body, now());
    draw(body);
    form.reset();
    form.elements.key.value = outbox.newId();
    asked = "";
    hint.hidden = true;
    count();
  }

  function draw(body) {
    const line = row.content.firstElementChild.cloneNode(true);
    line.dataset.walkIn = body.walk_in;
    line.querySelector("[data-name]").textContent = body.name;
    line.querySelector("[data-drop]").addEventListener("click", async () => {
      line.remove();
      list.hidden = !list.children.length;
      await outbox.add(user, "walk_in", { ...body, attended: false }, now());
      count();
    });
    list.append(line);
    list.hidden = false;
  }
}
