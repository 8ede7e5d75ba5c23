// The present price and stock of the item that is being read; offline, the last values with their time.
const EVERY = 4000, PATIENCE = 8000;

export default function figures(root) {
  const yuan = (fen) => ((fen || 0) / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const clock = (ms) => new Date(ms).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  const part = (name) => root.querySelector(`[data-${name}]`);
  let etag = "", known = null, current = null, next = null, since = Date.now(), skew = 0, pinned;

  root.addEventListener("prompter:item", ({ detail }) => turn(detail));
  if (root.prompter) turn(root.prompter.event());
  part("pinned")?.addEventListener("click", () => {
    root.prompter?.jump(pinned);
    part("pinned").hidden = true;
  });
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  poll();

  function turn(detail) {
    [current, next] = [detail.element, detail.next];
    paint();
  }

  async function poll() {
    if (!root.isConnected || known?.state === "over") return;
    if (!document.hidden) await ask();
    setTimeout(poll, EVERY * (0.8 + Math.random() * 0.4));
  }

  async function ask() {
    const answer = await fetch(root.dataset.now, {
      headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE),
    }).catch(() => null);
    const there = Boolean(answer) && !answer.redirected && (answer.ok || answer.status === 304);
    stale(!there);
    if (!there) return;
    since = Date.now();
    if (answer.status === 304) return paint();
    const news = await answer.json().catch(() => null);
    if (!news) return;
    skew = Date.parse(news.server_now) - Date.now();
    if (known && news.item && news.item !== known.item) offer(String(news.item));
    [known, etag] = [news, answer.headers.get("ETag") ?? ""];
    paint();
  }

  // Data of an item: the last answer of the server, or else what the page was rendered with.
  function of(element) {
    const item = known?.items.find(({ id }) => String(id) === element.dataset.item);
    if (!item) {
      const { fen, count } = element.dataset;
      return { fen: fen && Number(fen), count: count === "" ? null : Number(count), until: null };
    }
    const runs = item.flash_until && Date.parse(item.flash_until) > Date.now() + skew;
    const counted = item.left !== null || item.stock !== null;
    return { fen: runs ? item.price_fen : item.usual_fen, count: counted ? (item.left ?? 0) + (item.stock ?? 0) : null, until: runs ? item.flash_until : null };
  }

  function paint() {
    if (!current) return;
    const { fen, count, until } = of(current);
    part("figures").hidden = fen === "" || fen === null;
    part("price").textContent = yuan(fen);
    part("have").hidden = count === null;
    part("there").textContent = count === null ? "" : `${count} ${current.dataset[count === 1 ? "one" : "many"]}`;
    part("flash").hidden = !until;
    if (until) part("until").textContent = clock(Date.parse(until));
    const after = next && of(next).fen;
    if (part("next-price")) part("next-price").textContent = after ? `¥${yuan(after)}` : "";
  }

  function offer(id) {
    const element = root.querySelector(`[data-item="${id}"]`);
    pinned = id;
    if (!element || !part("pinned")) return;
    part("pinned").hidden = element === current;
    part("pinned-name").textContent = element.dataset.named;
  }

  function stale(is) {
    part("stale").hidden = !is;
    part("since").textContent = clock(since + skew);
  }
}
