// The figures of a running live, polled every few seconds and shown in place; sales that wait on this phone are
// subtracted at once, so that an oversold item is red before any answer arrives.
//   <… data-now data-last data-over data-version data-item> with [data-items] > [data-item], [data-entries], [data-waiting]
const EVERY = 3000, PATIENCE = 8000;

export default function screen(root) {
  const part = (name, at = root) => at.querySelector(`[data-${name}]`);
  const list = part("items");
  let etag = "", timer, asking = false, known = null, at = Date.now();
  let waiting = root.waiting ?? [];
  let version = Number(root.dataset.version);

  root.addEventListener("live:waiting", ({ detail }) => {
    waiting = detail.rows;
    paint();
    if (detail.arrived) poll();
  });
  document.addEventListener("visibilitychange", () => document.hidden || poll());
  window.addEventListener("online", poll);
  poll();

  async function poll() {
    clearTimeout(timer);
    if (!root.isConnected) return;
    if (!asking && !document.hidden) {
      asking = true;
      await ask().then(() => stale(false), () => stale(true));
      asking = false;
    }
    timer = setTimeout(poll, EVERY * (0.8 + Math.random() * 0.4));
  }

  async function ask() {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE);
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(root.dataset.now, { headers, cache: "no-store", signal: stop.signal }).finally(() => clearTimeout(late));
    if (answer.status !== 304) {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      known = await answer.json();
      etag = answer.headers.get("ETag") ?? "";
      root.dataset.skew = String(Date.parse(known.server_now) - Date.now());
    }
    at = Date.now();
    if (known?.state === "over") return location.assign(root.dataset.over);
    paint();
    if (known && known.version !== version) await entries(known.version);
  }

  async function entries(newest) {
    const answer = await fetch(root.dataset.last, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const held = part("entries").contains(document.activeElement);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    part("entries").replaceChildren(...fresh.body.childNodes);
    if (held) part("entries").querySelector("button")?.focus();
    version = newest;
  }

  function paint() {
    const undone = new Set(waiting.filter((one) => one.kind === "live_undo").map((one) => one.body.sale));
    const sold = waiting.filter((one) => one.kind === "live_sale" && !undone.has(one.id));
    const pinned = waiting.filter((one) => one.kind === "live_pin").at(-1)?.body.item;
    for (const item of known?.items ?? []) figures(item, sold);
    table(pinned ?? (known ? known.item : Number(root.dataset.item)));
    rows(sold);
  }

  function figures(item, sold) {
    const card = list?.querySelector(`[data-item="${item.id}"]`);
    if (!card) return;
    const gone = sold.filter((one) => one.body.item === item.id).reduce((sum, one) => sum + one.body.quantity, 0);
    const counted = item.left !== null || item.stock !== null;
    const there = (item.left ?? 0) + (item.stock ?? 0);
    const over = item.oversold + (counted ? Math.max(0, gone - there) : 0);
    count("there", card, counted ? Math.max(0, there - gone) : "");
    part("sold", card).textContent = item.sold + gone;
    if (part("quota", card)) part("quota", card).textContent = Math.max(0, item.left - gone);
    count("oversold", card, over);
    part("over", card).hidden = !over;
    price(card, item);
  }

  // A number with its unit: 1 box, 2 boxes.
  function count(name, card, n) {
    const unit = part(name, card).parentElement.querySelector("[data-unit]");
    part(name, card).textContent = n;
    unit.textContent = n === 1 ? unit.dataset.one : unit.dataset.many;
  }

  function price(card, item) {
    const runs = item.flash_until && Date.parse(item.flash_until) > Date.now() + Number(root.dataset.skew);
    const fen = runs ? item.price_fen : item.usual_fen;
    part("price", card).textContent = yuan(fen);
    card.querySelector("[name=seen_fen]").value = fen ?? "";
    for (const name of ["flash", "flash-stop"]) part(name, card).hidden = !runs;
    part("flash-new", card).hidden = Boolean(runs);
    if (runs) part("until", card).textContent = clock(item.flash_until);
  }

  // The current item is the first; nothing moves while somebody types into it.
  function table(running) {
    for (const card of list?.children ?? []) {
      const on = Number(card.dataset.item) === running;
      card.classList.toggle("air__item--on", on);
      part("on", card).hidden = !on;
      card.querySelector("[data-kind=live_pin]").hidden = on;
    }
    const order = [...(list?.children ?? [])].sort((a, b) => rank(a, running) - rank(b, running));
    if (order.every((card, n) => card === list.children[n]) || list.contains(document.activeElement?.closest("input"))) return;
    const held = document.activeElement;
    list.append(...order);
    if (held && list.contains(held)) held.focus();
  }

  const rank = (card, running) => (Number(card.dataset.item) === running ? -1 : Number(card.dataset.position));

  function rows(sold) {
    const box = part("waiting");
    box.replaceChildren(...sold.toReversed().map((one) => {
      const row = part("waiting-row").content.cloneNode(true);
      part("what", row).textContent = list.querySelector(`[data-item="${one.body.item}"] [data-name]`)?.textContent ?? "";
      part("count", row).textContent = `×${one.body.quantity}`;
      row.querySelector("form").dataset.sale = one.id;
      return row;
    }));
    box.hidden = !sold.length;
  }

  function stale(is) {
    part("stale").hidden = !is;
    part("since").textContent = clock(at + Number(root.dataset.skew ?? 0));
  }
}

const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
const yuan = (fen) => (fen === null ? "" : (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }));
