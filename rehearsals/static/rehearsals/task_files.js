// Looks at what was chosen before it is stored: is it what the task asks for, and whole? Sentences come from the page.
const OFFICE = [[0x50, 0x4b, 3, 4], [0xd0, 0xcf, 0x11, 0xe0]];
const MOST_BOXES = 10_000; // a film in fragments has two for each
const SHORTEST = 500; // ms
const WAIT = 5000;

export const fill = (word, facts = {}) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
export const mb = (bytes) => (bytes < 10_000_000 ? (bytes && Math.max(0.1, bytes / 1e6)).toFixed(1) : String(Math.round(bytes / 1e6)));
const shorten = (name) => (name.length > 24 ? `${name.slice(0, 20)}…` : name);

// → {why: sentence or "", kind, ms, note}: `note` is shown beside a file that can be handed in all the same.
export async function inspect(file, kind, words, most) {
  const facts = { name: shorten(file.name), size: mb(file.size), most: Math.floor(most / 1e6) };
  const say = (word) => ({ why: fill(words[word], facts) });
  if (!file.size) return say("empty");
  if (file.size > most) return say("heavy");
  const head = [...new Uint8Array(await file.slice(0, 12).arrayBuffer())];
  if (kind === "photo") return file.type.startsWith("video/") ? say("not_photo") : { why: "", kind, ms: 0, note: "" };
  if (kind !== "video") return { why: "", kind: "document", ms: 0, note: "" };
  if (OFFICE.some((mark) => mark.every((byte, n) => head[n] === byte))) return say("office");
  if (!looksLikeFilm(head)) return say("not_film");
  if (!(await isWhole(file))) return say("broken");
  const { isKnown, ms, width, upright } = await look(file);
  if (isKnown && !width) return say("no_picture");
  if (isKnown && ms < SHORTEST && ms >= 0) return say("zero");
  return { why: "", kind: "film", ms: Math.max(0, ms), note: isKnown && !upright ? words.sideways : "" };
}

// ISO media (MP4, MOV, 3GP) or Matroska (WebM).
export function looksLikeFilm(head) {
  const box = String.fromCharCode(...head.slice(4, 8));
  return ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].includes(box) || [0x1a, 0x45, 0xdf, 0xa3].every((byte, n) => head[n] === byte);
}

// MP4 and MOV: the boxes must reach the end of the file, and one of them must describe the content. The server checks other formats.
async function isWhole(file) {
  let at = 0, hasIndex = false;
  for (let n = 0; at < file.size && n < MOST_BOXES; n += 1) {
    const head = new DataView(await file.slice(at, at + 16).arrayBuffer());
    if (head.byteLength < 8) return false;
    const kind = String.fromCharCode(...[4, 5, 6, 7].map((byte) => head.getUint8(byte)));
    if (!n && kind !== "ftyp") return true;
    hasIndex ||= kind === "moov";
    let size = head.getUint32(0);
    if (size === 1) size = head.byteLength === 16 ? Number(head.getBigUint64(8)) : 0;
    else if (!size) size = file.size - at; // to the end
    if (size < 8) return false;
    at += size;
  }
  return hasIndex && at <= file.size;
}

// Length and orientation, as far as this browser can read them; `ms` is -1 for a length that is not stated (a recording).
function look(file) {
  return new Promise((done) => {
    const [film, url] = [document.createElement("video"), URL.createObjectURL(file)];
    const end = () => {
      const ms = Number.isFinite(film.duration) ? Math.round(film.duration * 1000) : -1;
      URL.revokeObjectURL(url);
      done({ isKnown: film.readyState > 0, width: film.videoWidth, ms, upright: film.videoHeight >= film.videoWidth });
    };
    film.preload = "metadata";
    film.onloadedmetadata = film.onerror = end;
    setTimeout(end, WAIT);
    film.src = url;
  });
}

// Free bytes of the phone as the browser reports them; Infinity where it does not.
export async function freeBytes() {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return quota === undefined ? Infinity : quota - usage;
}
