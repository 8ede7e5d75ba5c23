// A preview of the price while it is typed, and texts that depend on the unit: ¥5.98/斤 合 ¥11.96/公斤.
// Figures are parsed and rounded as in ui/fields.py and ui/formats.py, in fen and grams.
const JIN = 500;
const KG = 1000;
const WEIGHT = { jin: JIN, kg: KG };
const SPELLED = [["公斤", KG], ["千克", KG], ["kg", KG], ["斤", JIN], ["两", 50], ["克", 1], ["g", 1]];

export function plain(text) {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  return narrow.replace(/\s+/g, "").replace(/(\d)。(?=\d)/g, "$1.");
}

function figure(text, factor) {
  return /^\d{0,9}(\.\d{0,3})?$/.test(text) && /\d/.test(text) ? Math.round(Number(text) * factor) : 0;
}

export function fenOf(text) {
  return figure(plain(text).replace(/^[¥￥$]/, "").replace(/(元|块钱|块)$/, ""), 100);
}

export function gramsOf(text) {
  const typed = plain(text).toLowerCase();
  const [word, grams] = SPELLED.find(([unit]) => typed.endsWith(unit)) ?? ["", JIN];
  return figure(word ? typed.slice(0, -word.length) : typed, grams);
}

export function yuanPer(fen, grams, unit) {
  const rounded = (2n * BigInt(fen) * BigInt(unit) + BigInt(grams)) / (2n * BigInt(grams));
  return (Number(rounded) / 100).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export default function price(root) {
  const form = root.closest("form");
  const words = JSON.parse(root.dataset.units);
  const tag = form.querySelector("[data-price-tag]");
  const field = (name) => form.elements[name];
  const box = field("box_grams").closest(".field");

  function rename() {
    const { sold, unit } = words[field("unit").value] ?? words.box;
    form.querySelector(`label[for="${field("price_fen").id}"]`).firstChild.data = sold;
    const stock = field("stock")?.closest(".unit")?.querySelector("span[aria-hidden]");
    if (stock) stock.textContent = unit;
    box.hidden = field("unit").value in WEIGHT;
    field("box_grams").required = !box.hidden;
  }

  function show() {
    const fen = fenOf(field("price_fen").value);
    const grams = WEIGHT[field("unit").value] ?? gramsOf(field("box_grams").value);
    tag.hidden = !(fen && grams);
    if (tag.hidden) return;
    tag.querySelector("[data-per-jin]").textContent = yuanPer(fen, grams, JIN);
    tag.querySelector("[data-per-kg]").textContent = yuanPer(fen, grams, KG);
  }

  form.addEventListener("input", (event) => {
    if (event.target.name === "unit") rename();
    if (["unit", "box_grams", "price_fen"].includes(event.target.name)) show();
  });
  rename();
  show();
}
