// The studio: from opening the camera to handing in. Each recording is a take.
//   <div data-studio data-outbox data-facts data-words> with the parts of rehearsals/submissions/studio_show.html
const TICK = 250; // ms

export default async function studio(box) {
  const [parts, outbox] = await Promise.all([import(box.dataset.studio), import(box.dataset.outbox)]);
  const [known, words] = [JSON.parse(box.dataset.facts), JSON.parse(box.dataset.words)];
  const { camera, lines, recorder, store } = parts;
  const { user, live } = known;
  const view = parts.view(box, words);
  const facts = parts.facts({ user, store, outbox });
  const line = parts.sender({ user, store, outbox, facts, tus: parts.tus, begin: known.begin, ticket: ({ key }) => known.ticket.replace("{take}", key), onState: standing });
  const here = parts.session({ user, live, known, parts, outbox, facts });
  import(box.dataset.prompter).then((module) => module.default(view.part("lines")), () => null);
  const script = lines.lines(view.part("lines"), { mark: (one) => on?.mark(one), words });
  const film = parts.viewing(view.part("mine"), store);
  let [stream, upright, facing, unwatch] = [null, true, "user", () => {}];
  let on = null, take = null, comments = null, timer = null;
  const total = () => here.before + (on?.isOn() ? on.at() : 0);

  async function standing(news = {}) {
    view.line(news, store.waitingBytes(await store.takesOf(user)));
  }

  // --- the camera

  async function open() {
    view.problem("");
    camera.close(stream);
    const quality = recorder.QUALITIES[here.row?.quality ?? view.quality()];
    try {
      ({ stream, upright } = await camera.open(quality, facing));
    } catch (error) {
      view.show("ready");
      return view.problem(words[error.cause] ?? words.busy);
    }
    view.picture(stream, facing === "user");
    unwatch();
    unwatch = camera.watch(stream, view.part("picture"), (seen) => view.check(seen, upright));
    view.show("stage", "check");
    view.clock(here.before, known.planned_seconds, known.most_seconds);
    const left = () => parts.room(quality, known.most_seconds - here.before / 1000);
    const short = (await left()) && (await store.releaseAll().then(left, left));
    if (short) view.problem(view.fill(words.short, short));
  }

  function close() {
    unwatch();
    camera.close(stream);
    stream = null;
    view.show("ready");
  }

  // --- recording

  async function record() {
    if (on || !stream) return;
    view.problem("");
    await here.begin(view.quality());
    const fresh = await here.newTake(script.item(), upright, recorder.typeOf());
    take = fresh.take;
    script.go(fresh.item, here.row.item_since);
    const lost = (why) => stop(why === "recorder" ? words.recorder : words.ended);
    on = recorder.start(stream, take, { store, saved, full: () => stop(words.full), lost });
    comments = parts.comments(view.part("comments"), { asks: here.row.asks, mark: on.mark, now: total, remember: () => here.remember({}) });
    view.wake(true);
    view.last(script.isLast());
    view.show("stage", "record");
    script.roll(true);
    timer = setInterval(tick, TICK);
  }

  function saved(piece) {
    window.dispatchEvent(new CustomEvent("studio:kept", { detail: piece }));
    view.kept(here.before + piece.until);
    line.kick();
    tick(); // timers stop in the background, but pieces still arrive
  }

  function tick() {
    if (!on?.isOn()) return;
    view.clock(total(), known.planned_seconds, known.most_seconds);
    script.tick(total());
    comments.tick();
    if (total() >= known.most_seconds * 1000) finish(view.fill(words.limit, { most: lines.minutes(known.most_seconds) }));
  }

  async function stop(why = "") {
    if (!on) return;
    const ended = on;
    clearInterval(timer);
    script.roll(false);
    comments.clear();
    view.show("stage", "");
    view.problem(why);
    await ended.stop();
    on = null;
    view.wake(false);
    view.before(await here.ended(take));
    line.kick();
    const isLive = stream?.getTracks().every((track) => track.readyState === "live" && !track.muted);
    if (isLive) view.show("stage", "check");
    else close();
    view.problem(why);
  }

  async function finish(why = "") {
    await stop();
    close();
    if (here.before) await score(why);
    else view.problem(words.nothing);
  }

  async function score(why = "") {
    await here.finish();
    film.show(lines.stretches(here.takes).map(({ number, until }) => ({ key: here.takes[number].key, until })));
    view.show("score");
    view.problem(why);
  }

  view.bind({
    open, close, record,
    turn: () => ((facing = facing === "user" ? "environment" : "user"), open()),
    pause: () => stop(),
    end: () => finish(),
    finish: () => score(),
    async next() {
      script.next(total());
      view.last(script.isLast());
      await here.remember({ item_since: total() });
    },
    async again() {
      if (!confirm(words.sure_again)) return;
      await on.mark({ kind: "again", item: script.item() });
      await stop();
      script.again(here.before);
      await record();
    },
    async drop() {
      if (confirm(words.sure_drop)) view.before(await here.drop());
      standing();
    },
  });
  parts.score(view, { words, here, outbox, line, known, rows: parts.rows });
  parts.file(view, { words, store, here, facts, line, known, score, films: parts.films });
  if (!recorder.isPossible()) return view.problem(words.impossible);
  await parts.alone(`farm-studio-${user}`, () => view.problem(words.elsewhere));
  view.problem("");
  const isKept = await here.resume().then(() => true, () => false); // private browsing stores nothing
  if (!isKept) return view.problem(words.impossible);
  view.ready();
  view.before(here.before);
  line.kick();
  parts.cacheStudio(user);
}
