// Looks at what was chosen before it is stored: is it what the task asks for, and whole? Sentences come from the page.
const OFFICE = [[0x50, 0x4b, 3, 4], [0xd0, 0xcf, 0x11, 0xe0]];
const PDF = [0x25, 0x50, 0x44, 0x46];
const SHORTEST = 500; // ms

export const fill = (word, facts = {}) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
export const mb = (bytes) => (bytes < 10_000_000 ? (bytes && Math.max(0.1, bytes / 1e6)).toFixed(1) : String(Math.round(bytes / 1e6)));
const shorten = (name) => (name.length > 24 ? `${name.slice(0, 20)}…` : name);

// → {why: sentence or "", kind, ms, note}: `note` is shown beside a file that can be handed in all the same.
export async function inspect(file, kind, words, most, films) {
  const facts = { name: shorten(file.name), size: mb(file.size), most: Math.floor(most / 1e6) };
  const say = (word) => ({ why: fill(words[word], facts) });
  if (!file.size) return say("empty");
  if (file.size > most) return say(kind === "video" ? "heavy" : "heavy_file");
  const head = [...new Uint8Array(await file.slice(0, 12).arrayBuffer())];
  if (kind === "photo") return isOther(file.type, head) ? say("not_photo") : { why: "", kind, ms: 0, note: "" };
  if (kind !== "video") return { why: "", kind: "document", ms: 0, note: "" };
  if (OFFICE.some((mark) => begins(head, mark))) return say("office");
  if (!looksLikeFilm(head)) return say("not_film");
  if (!(await films.isWhole(file))) return say("broken");
  const { isKnown, ms, width, upright } = await films.look(file);
  if (isKnown && !width) return say("no_picture");
  if (isKnown && ms < SHORTEST && ms >= 0) return say("zero");
  return { why: "", kind: "film", ms: Math.max(0, ms), note: isKnown && !upright ? words.sideways : "" };
}

const begins = (head, mark) => mark.every((byte, n) => head[n] === byte);

// Surely no photo; a type that the phone does not know may be one (HEIC).
export const isOther = (type, head) => /^(video|audio|text)\//.test(type) || [PDF, ...OFFICE].some((mark) => begins(head, mark));

// How many characters of a text are too many, counted as the server counts them: blanks in a row are one.
export function countOver(text, most) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n");
  return Math.max(0, [...lines.replace(/\n{3,}/g, "\n\n").trim()].length - most);
}

// ISO media (MP4, MOV, 3GP) or Matroska (WebM).
export function looksLikeFilm(head) {
  const box = String.fromCharCode(...head.slice(4, 8));
  return ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].includes(box) || begins(head, [0x1a, 0x45, 0xdf, 0xa3]);
}

// Free bytes of the phone as the browser reports them; Infinity where it does not.
export async function freeBytes() {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return quota === undefined ? Infinity : quota - usage;
}
