// Looks at what was chosen before it is stored: is it what the task asks for, and whole? Sentences come from the page.
const OFFICE = [[0x50, 0x4b, 3, 4], [0xd0, 0xcf, 0x11, 0xe0]];
const SHORTEST = 500; // ms

export const fill = (word, facts = {}) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
export const mb = (bytes) => (bytes < 10_000_000 ? (bytes && Math.max(0.1, bytes / 1e6)).toFixed(1) : String(Math.round(bytes / 1e6)));
const shorten = (name) => (name.length > 24 ? `${name.slice(0, 20)}…` : name);

// → {why: sentence or "", kind, ms, note}: `note` is shown beside a file that can be handed in all the same.
export async function inspect(file, kind, words, most, films) {
  const facts = { name: shorten(file.name), size: mb(file.size), most: Math.floor(most / 1e6) };
  const say = (word) => ({ why: fill(words[word], facts) });
  if (!file.size) return say("empty");
  if (file.size > most) return say("heavy");
  const head = [...new Uint8Array(await file.slice(0, 12).arrayBuffer())];
  if (kind === "photo") return file.type.startsWith("video/") ? say("not_photo") : { why: "", kind, ms: 0, note: "" };
  if (kind !== "video") return { why: "", kind: "document", ms: 0, note: "" };
  if (OFFICE.some((mark) => mark.every((byte, n) => head[n] === byte))) return say("office");
  if (!looksLikeFilm(head)) return say("not_film");
  if (!(await films.isWhole(file))) return say("broken");
  const { isKnown, ms, width, upright } = await films.look(file);
  if (isKnown && !width) return say("no_picture");
  if (isKnown && ms < SHORTEST && ms >= 0) return say("zero");
  return { why: "", kind: "film", ms: Math.max(0, ms), note: isKnown && !upright ? words.sideways : "" };
}

// ISO media (MP4, MOV, 3GP) or Matroska (WebM).
export function looksLikeFilm(head) {
  const box = String.fromCharCode(...head.slice(4, 8));
  return ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].includes(box) || [0x1a, 0x45, 0xdf, 0xa3].every((byte, n) => head[n] === byte);
}

// Free bytes of the phone as the browser reports them; Infinity where it does not.
export async function freeBytes() {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return quota === undefined ? Infinity : quota - usage;
}
