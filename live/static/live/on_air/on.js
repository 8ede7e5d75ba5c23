// The viewers' page of a running live: polls every few seconds, and reloads the page when another item is shown.
const EVERY = 5000;

export default function on(root) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  let etag = "";
  tick();

  async function tick() {
    if (!root.isConnected) return;
    if (!document.hidden) await ask().catch(() => null);
    setTimeout(tick, EVERY * (0.8 + Math.random() * 0.4));
  }

  async function ask() {
    const answer = await fetch(root.dataset.now, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", credentials: "omit" });
    if (answer.status === 304) return;
    if (!answer.ok) throw new Error(String(answer.status));
    const news = await answer.json();
    etag = answer.headers.get("ETag") ?? "";
    if (news.state !== root.dataset.state || String(news.item ?? "") !== root.dataset.item) return location.reload();
    if (news.items.length) paint(news.items[0]);
  }

  function paint(item) {
    const there = (item.left ?? 0) + (item.stock ?? 0);
    part("there").textContent = there;
    part("unit").textContent = part("unit").dataset[there === 1 ? "one" : "many"];
    part("left").hidden = !there;
    part("out").hidden = there > 0;
    part("price").textContent = (item.price_fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    part("flash").hidden = !item.flash_until;
    if (item.flash_until) part("until").textContent = new Date(item.flash_until).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  }
}
