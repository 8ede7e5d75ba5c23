// A film made elsewhere: copied into the phone's store piece by piece, and sent like what the studio recorded.
const PIECE = 1024 * 1024; // bytes
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

  async function copy(chosen) {
    const { ms, upright } = await look(chosen);
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
    await facts.told(take.key);
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

// How long it is and how it was held, as far as this browser can tell.
function look(chosen) {
  return new Promise((done) => {
    const [film, url] = [document.createElement("video"), URL.createObjectURL(chosen)];
    const end = () => (URL.revokeObjectURL(url), done({ ms: Number.isFinite(film.duration) ? Math.round(film.duration * 1000) : 0, upright: film.videoHeight >= film.videoWidth }));
    film.preload = "metadata";
    film.onloadedmetadata = film.onerror = end;
    setTimeout(end, 5000);
    film.src = url;
  });
}
