// A film made elsewhere: copied into the phone's store in chunks, and uploaded like the studio's recordings.
const PIECE = 1024 * 1024; // bytes
const SHORTEST = 2000; // ms
const AGAIN = 1000; // ms, while the phone is full and the sender makes room

export function file(view, { words, store, here, facts, line, known, score, films }) {
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
    if (!(await films.isWhole(chosen))) return words.broken;
    if (!isKnown) return ""; // this browser cannot play it; the server may
    return width ? (ms > 0 && ms < SHORTEST ? words.too_short : "") : words.no_picture;
  };

  async function copy(chosen) {
    const seen = await films.look(chosen);
    const { upright } = seen;
    const ms = Math.max(0, seen.ms);
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
