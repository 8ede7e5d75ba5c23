// In the lesson's form: buttons and keys that write Markdown for the trainer. Undo removes each of them.

const body = document.querySelector("[data-markdown]");
const bar = document.querySelector("[data-marks]");
const ITEM = /^( *)([-*+]|\d{1,9}[.)]) +/;
const HEADING = /^#{1,6} +/;
const ACTS = {
  heading: () => mark(() => "## ", HEADING, HEADING),
  bold,
  list: () => mark(() => "- ", /^[-*+] +/, ITEM),
  numbered: () => mark((n) => `${n}. `, /^\d{1,9}[.)] +/, ITEM),
  link,
  picture: () => bar.querySelector("[data-pick]").click(),
};
// Compares the position of the key, because with Shift and Alt the character differs between keyboards.
const KEYS = { KeyB: "bold", KeyK: "link", "Shift+Digit7": "numbered", "Shift+Digit8": "list", "Alt+Digit2": "heading" };

if (body && bar) {
  body.before(bar);
  bar.hidden = false;
  for (const button of bar.querySelectorAll("[data-mark]")) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    button.addEventListener("click", () => ACTS[button.dataset.mark]());
  }
  body.addEventListener("keydown", press);
  // The line that pictures.js inserts.
  body.addEventListener("put", (event) => putAlone(event.detail));
}

function press(event) {
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
    if (nextItem()) event.preventDefault();
    return;
  }
  if (!event.ctrlKey && !event.metaKey) return;
  const act = KEYS[`${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${event.code}`];
  if (!act) return;
  event.preventDefault();
  ACTS[act]();
}

/** Puts text in the place of [from, to) and selects [start, end) of it; as typing does, so that undo knows it. */
function put(text, from, to, start = text.length, end = start) {
  body.focus();
  body.setSelectionRange(from, to);
  const typed = text ? document.execCommand("insertText", false, text) : from === to || document.execCommand("delete");
  if (!typed) {
    body.setRangeText(text, from, to);
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
  body.setSelectionRange(from + start, from + end);
}

function sample(name) {
  return bar.querySelector(`[data-mark=${name}]`).dataset.sample;
}

/** Bold, or no longer bold. Marks next to spaces or punctuation would stay visible, so these stay outside. */
function bold() {
  const { value, selectionStart: from, selectionEnd: to } = body;
  const [, lead, core] = value.slice(from, to).match(/^([\s\p{P}\p{S}]*)(.*?)[\s\p{P}\p{S}]*$/su);
  const start = from + lead.length;
  const end = start + core.length;
  if (core && value.slice(start - 2, start) === "**" && value.slice(end, end + 2) === "**")
    return put(core, start - 2, end + 2, 0, core.length);
  if (!core) {
    const words = sample("bold");
    return put(`**${words}**`, to, to, 2, 2 + words.length);
  }
  const text = core.replace(/[^\n]*\S[^\n]*/g, (line) => `**${line.trim()}**`);
  put(text, start, end, core.includes("\n") ? 0 : 2, text.length - (core.includes("\n") ? 0 : 2));
}

/** A link; an address that is selected becomes its target, else the words do and the address is typed next. */
function link() {
  const { value, selectionStart: from, selectionEnd: to } = body;
  const chosen = value.slice(from, to).trim();
  if (/^https?:\/\/\S+$/.test(chosen)) {
    const words = sample("link");
    return put(`[${words}](${chosen})`, from, to, 1, 1 + words.length);
  }
  const words = (chosen || sample("link")).replace(/[\\[\]]/g, "\\$&").replace(/\n+/g, " ");
  const text = `[${words}](https://)`;
  put(text, from, to, text.length - 9, text.length - 1);
}

/** Puts a mark before each line of the selection, in the place of another of its family; again takes it away. */
function mark(of, same, family) {
  const { value } = body;
  const from = value.lastIndexOf("\n", body.selectionStart - 1) + 1;
  const found = value.indexOf("\n", Math.max(body.selectionEnd - (body.selectionEnd > body.selectionStart), from));
  const to = found < 0 ? value.length : found;
  const lines = value.slice(from, to).split("\n");
  const written = lines.filter((line) => line.trim());
  let n = 0;
  if (written.length && written.every((line) => same.test(line))) {
    const text = lines.map((line) => line.replace(same, "")).join("\n");
    return put(text, from, to, 0, text.length);
  }
  if (!written.length) {
    const words = sample(of(1) === "## " ? "heading" : "list");
    return placed(of(1) + words, from, to, of(1).length);
  }
  placed(lines.map((line) => (line.trim() ? of(++n) + line.replace(family, "") : line)).join("\n"), from, to, 0);
}

/** With an empty line on either side, unless the list goes on there: the words next to a list would become its own. */
function placed(text, from, to, start) {
  const before = body.value.slice(0, from).split("\n").at(-2) ?? "";
  const after = body.value.slice(to).split("\n")[1] ?? "";
  const needed = (line) => line.trim() && !(ITEM.test(line) && ITEM.test(text));
  const lead = needed(before) ? "\n" : "";
  put(lead + text + (needed(after) ? "\n" : ""), from, to, lead.length + start, lead.length + text.length);
}

/** Enter in a list begins its next item, in an empty item it ends the list. Whether there was one. */
function nextItem() {
  const { value, selectionStart: at } = body;
  if (at !== body.selectionEnd) return false;
  const from = value.lastIndexOf("\n", at - 1) + 1;
  const item = value.slice(from, at).match(ITEM);
  if (!item) return false;
  if (from + item[0].length === at && !value.slice(at).split("\n")[0].trim()) put("", from, at);
  else put(`\n${item[1]}${/\d/.test(item[2]) ? `${parseInt(item[2]) + 1}${item[2].at(-1)}` : item[2]} `, at, at);
  return true;
}

/** On a line of its own at the cursor. */
function putAlone(line) {
  const before = body.value.slice(0, body.selectionStart);
  const after = body.value.slice(body.selectionEnd);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  put(lead + line + tail, body.selectionStart, body.selectionEnd);
}
