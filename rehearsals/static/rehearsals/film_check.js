// What a phone finds out about a film that was made elsewhere, before it is stored or sent.
const MOST_BOXES = 10_000; // a film in fragments has two for each
const WAIT = 5000; // ms

// MP4 and MOV: the boxes must reach the end of the file, and one of them must describe the content. The server checks other formats.
export async function isWhole(file) {
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
export function look(file) {
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
