// Reads the answer from a question's form, and grades it: by the same rules as the server, which
// grades again when the answers arrive. Numbers are compared as whole digits, never as floats.
const FIGURE = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;
const THOUSANDS = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;
const LONGEST = 20;

// Full-width digits as ASCII, without spaces; the \u3002 of a Chinese keyboard between digits is a point.
function plain(typed) {
  return typed
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\uffe5/g, "\u00a5").replace(/[\u2212\u2013]/g, "-")
    .replace(/\s+/g, "").replace(/(?<=\d)\u3002(?=\d)/g, ".");
}

export function number(typed, units) {
  let text = plain(typed).toLowerCase().replace(/^\u00a5/, "");
  const unit = units.find((word) => text.endsWith(word)) ?? "";
  text = text.slice(0, text.length - unit.length);
  if (THOUSANDS.test(text)) text = text.replaceAll(",", "");
  else if (text.split(",").length === 2 && !text.includes(".")) text = text.replace(",", ".");
  return text.length <= LONGEST && FIGURE.test(text) ? text : null;
}

// null: not yet a possible answer.
export function read(question, form) {
  const data = new FormData(form);
  const one = data.get("answer") ?? "";
  switch (question.kind) {
    case "true_false": return one === "" ? null : one === "true";
    case "number": return number(one, question.units);
    case "order": return data.getAll("order");
    case "multiple": case "spot": return data.getAll("answer").length ? data.getAll("answer") : null;
    default: return one || null;
  }
}

// A decimal as [digits, places]: 5.98 → [598n, 2].
function exact(text) {
  const [whole, part = ""] = text.replace("+", "").split(".");
  return [BigInt(`${whole === "-" || whole === "" ? `${whole}0` : whole}${part}`), part.length, text.startsWith("-")];
}

function scaled(text, places) {
  const [digits, has, negative] = exact(text);
  const size = (digits < 0n ? -digits : digits) * 10n ** BigInt(places - has);
  return negative ? -size : size;
}

function near(given, right, tolerance) {
  const places = Math.max(...[given, right, tolerance].map((text) => exact(text)[1]));
  const apart = scaled(given, places) - scaled(right, places);
  return (apart < 0n ? -apart : apart) <= scaled(tolerance, places);
}

const same = (one, other) => one.length === other.length && one.every((id) => other.includes(id));

export function judge({ kind, key }, given) {
  switch (kind) {
    case "true_false": return given === key.right;
    case "number": return near(given, key.right, key.tolerance);
    case "order": return given.every((id, at) => id === key.right[at]);
    case "multiple": case "spot": return same(given, key.right);
    default: return key.right.includes(given);
  }
}

// Whether the paper is finished, and its result, by the rule stored in it. marks: Map of position → right.
export function score(paper, marks) {
  const inOrder = [...marks.keys()].sort((a, b) => a - b).map((at) => marks.get(at));
  const right = inOrder.filter(Boolean).length;
  const all = paper.order.length;
  if (!paper.mastery) return { right, total: all, over: marks.size >= all, passed: right * 100 >= paper.pass_percent * all };
  const [wanted, of] = paper.mastery;
  const reached = inOrder.slice(-of).filter(Boolean).length >= wanted;
  return { right, total: marks.size, over: (paper.tells && reached) || marks.size >= all, passed: reached };
}
