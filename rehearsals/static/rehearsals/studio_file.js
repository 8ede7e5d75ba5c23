// A film made elsewhere: copied into the phone's store in chunks, and uploaded like the studio's recordings.
const PIECE = 1024 * 1024; // bytes
const SHORTEST = 2000; // ms
const MOST_BOXES = 10_000; // a film in fragments has two for each
const AGAIN = 1000; // ms, while the phone is full and the sender makes room

export function file(view, { words, store, here, facts, line, known, score }) {
  const input = view.part("file");
  const refused = (chosen) => {
    if (chosen.type && !chosen.type.startsWith("video/")) return words.not_video;
    return chosen.size > known.most_bytes ? view.fill(words.heavy, { size: Math.ceil(chosen.size / 1e6), most: Math.floor(known.most_bytes / 1e6) }) : "";
  };

  async function kept(key, content, lasted) {
    for (;;) {
      try {
        return await store.keep(key, content, lasted);
      } catch {
        view.problem(words.full);
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    }
  }

  // A film that cannot be watched is reported before it is copied and before a score is requested.
  const faultOf = async (chosen, { isKnown, ms, width }) => {
    if (!(await isWhole(chosen))) return words.broken;
    if (!isKnown) return ""; // this browser cannot play it; the server may
    return width ? (ms && ms < SHORTEST ? words.too_short : "") : words.no_picture;
  };

  async function copy(chosen) {
    const seen = await look(chosen);
    const { ms, upright } = seen;
    const fault = await faultOf(chosen, seen);
    if (fault) return view.problem(fault);
    await here.begin("clear");
    const { take } = await here.newTake(0, upright, chosen.type);
    await store.mark(take.key, { kind: "file", name: chosen.name.slice(-80), at_ms: 0 });
    for (let at = 0; at < chosen.size; at += PIECE) {
      await kept(take.key, await chosen.slice(at, at + PIECE).arrayBuffer(), ms);
      view.problem(view.fill(words.copying, { percent: Math.round((100 * Math.min(at + PIECE, chosen.size)) / chosen.size) }));
      line.kick();
    }
    await store.change(take.key, (row) => (row.ended = true));
    view.problem("");
    await facts.report(take.key);
    view.before(await here.count());
    line.kick();
    score();
  }

  input.addEventListener("change", async () => {
    const [chosen] = input.files;
    if (!chosen) return;
    const why = refused(chosen);
    view.problem(why);
    if (!why && chosen.size) await copy(chosen).catch(() => view.problem(words.full));
    input.value = "";
  });
}

// MP4 and MOV: the boxes must reach the end of the file, and one of them must describe the content. The server checks other formats.
async function isWhole(chosen) {
  let at = 0, hasIndex = false;
  for (let n = 0; at < chosen.size && n < MOST_BOXES; n += 1) {
    const head = new DataView(await chosen.slice(at, at + 16).arrayBuffer());
    if (head.byteLength < 8) return false;
    const kind = String.fromCharCode(...[4, 5, 6, 7].map((byte) => head.getUint8(byte)));
    if (!n && kind !== "ftyp") return true;
    hasIndex ||= kind === "moov";
    let size = head.getUint32(0);
    if (size === 1) size = head.byteLength === 16 ? Number(head.getBigUint64(8)) : 0;
    else if (!size) size = chosen.size - at; // to the end
    if (size < 8) return false;
    at += size;
  }
  return hasIndex && at <= chosen.size;
}

// The film's duration and orientation, as far as this browser can read them.
function look(chosen) {
  return new Promise((done) => {
    const [film, url] = [document.createElement("video"), URL.createObjectURL(chosen)];
    const end = () => (URL.revokeObjectURL(url), done({ isKnown: film.readyState > 0, width: film.videoWidth, ms: Number.isFinite(film.duration) ? Math.round(film.duration * 1000) : 0, upright: film.videoHeight >= film.videoWidth }));
    film.preload = "metadata";
    film.onloadedmetadata = film.onerror = end;
    setTimeout(end, 5000);
    film.src = url;
  });
}
