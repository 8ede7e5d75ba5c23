// What is entered beside a live goes through the outbox with an id and the phone's time of the tap. With a connection
// it is sent at once, without one it waits. Where nothing can be stored on the phone the form is sent normally.
//   <… data-live data-user data-at data-outbox data-stored data-recorded> with forms <form data-kind data-item | data-sale>
const QUICK = 400; // ms: a second tap on the same button sooner than this is the same tap
const HELD = "farm:held:"; // sales counted but not yet sent, kept while another page is open

export default async function entering(root) {
  const { user, outbox: url, stored, recorded } = root.dataset;
  const live = Number(root.dataset.live);
  const outbox = await import(url);
  const tapped = new WeakMap();
  // Uses the server's clock: a phone whose clock is an hour wrong must not date sales an hour earlier.
  root.dataset.skew ??= String(Date.parse(root.dataset.at) - Date.now());
  takeUp(root, live);
  window.addEventListener("pagehide", () => hold(root, live));

  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-kind]");
    if (!form) return;
    const body = bodyOf(form);
    if (body === null) return; // the server says what is wrong with it
    event.preventDefault();
    if (!body || Date.now() - (tapped.get(form) ?? 0) < QUICK) return;
    tapped.set(form, Date.now());
    enter(form, body).catch(() => form.hasAttribute("action") && form.submit());
  });
  window.addEventListener("farm:outbox", ({ detail }) => {
    const mine = detail.sent.filter((one) => one.kind.startsWith("live_"));
    if (mine.some((one) => one.state === "aside")) root.querySelector("[data-aside]").hidden = false;
    tell(mine.length > 0);
  });
  await tell(false);

  // Returns what the server accepts; null for what it would refuse; undefined if the row already shows an error.
  function bodyOf(form) {
    const fields = Object.fromEntries(new FormData(form));
    const item = Number(form.dataset.item);
    switch (form.dataset.kind) {
      case "live_sale": return saleOf(form, fields, item);
      case "live_pin": return { live, item };
      case "live_undo": return { live, sale: form.dataset.sale };
      default: return slipOf(fields);
    }
  }

  function saleOf(form, fields, item) {
    const typed = fields.quantity.normalize("NFKC").trim();
    const bad = !/^[1-9]\d{0,5}$/.test(typed);
    form.parentElement.querySelector("[data-error]").hidden = !bad;
    form.elements.quantity.setAttribute("aria-invalid", bad);
    if (bad) return form.elements.quantity.focus();
    const price = Number(fields.seen_fen);
    return { live, item, quantity: Number(typed), ...(price ? { price_fen: price } : {}) };
  }

  function slipOf({ said, right, item }) {
    const fits = (text) => text.trim() && [...text.trim()].length <= 200;
    return fits(said) && fits(right) ? { live, item: item ? Number(item) : null, said: said.trim(), right: right.trim() } : null;
  }

  async function enter(form, body) {
    const at = new Date(Date.now() + Number(root.dataset.skew));
    const id = form.elements.event_id?.value || outbox.newId();
    await outbox.add(user, form.dataset.kind, body, at, id);
    rest(form);
    await tell(false);
    const { problem } = await outbox.send();
    say(problem ? stored : recorded);
  }

  function rest(form) {
    if (form.elements.event_id) form.elements.event_id.value = outbox.newId();
    if (form.dataset.kind === "live_sale") form.elements.quantity.value = 1;
    if (form.dataset.kind === "live_undo") form.hidden = true;
    if (form.dataset.kind === "live_slip") {
      form.reset();
      form.querySelector("[data-draft-drop]")?.click();
      form.closest("details").open = false;
    }
  }

  // Announces the sales that wait on this phone to the script that shows the figures; `arrived`: the server has just accepted some.
  async function tell(arrived) {
    const rows = await outbox.waiting(user).catch(() => []);
    const mine = rows.filter((one) => one.kind.startsWith("live_") && one.body.live === live);
    root.dispatchEvent(new CustomEvent("live:waiting", { detail: { rows: mine, arrived } }));
    root.waiting = mine;
  }
}

const counts = (root) => [...root.querySelectorAll("form[data-kind=live_sale]")].map((form) => [form.dataset.item, form.elements.quantity]);

function hold(root, live) {
  const held = counts(root).filter(([, box]) => box.value !== box.defaultValue).map(([item, box]) => [item, box.value]);
  try { sessionStorage.setItem(HELD + live, JSON.stringify(held)); } catch { /* counted again then */ }
}

function takeUp(root, live) {
  let held = [];
  try { held = JSON.parse(sessionStorage.getItem(HELD + live)) ?? []; } catch { /* nothing was held */ }
  for (const [item, box] of counts(root)) box.value = new Map(held).get(item) ?? box.value;
}

function say(text) {
  const line = document.getElementById("status");
  if (!line) return;
  line.textContent = "";
  setTimeout(() => (line.textContent = text), 50);
}
