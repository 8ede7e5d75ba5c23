// One rehearsal on this phone: its row, its takes, its state; see studio_store.js.
export function session({ user, live, known, parts, outbox, facts }) {
  const { store, lines } = parts;
  const self = { row: null, before: 0, takes: [] };
  const now = () => new Date().toISOString();

  async function count() {
    self.takes = self.row ? await store.takesOf(user, self.row.key) : [];
    self.before = lines.keptMs(self.takes);
    return self.before;
  }

  // No other tab records, so every open take was cut off; a take without any piece is not reported.
  async function resume() {
    self.row = (await store.openOne(user, live)) ?? null;
    // Its page has submitted or dropped the rehearsal meanwhile: a new recording belongs to another one.
    while (self.row && known.closed[self.row.key]) {
      await store.close(self.row.key, known.closed[self.row.key]);
      self.row = (await store.openOne(user, live)) ?? null;
    }
    for (const old of await store.takesOf(user)) {
      if (old.ended) continue;
      await (old.bytes ? facts.close(old) : store.forget(old.key));
    }
    return count();
  }

  async function begin(quality) {
    if (self.row) return self.row;
    await navigator.storage?.persist?.().catch(() => false);
    const asks = parts.plan(known.comments, known.questions, known.planned_seconds);
    const fresh = { key: outbox.newId(), user, live, quality, begun: now(), note: known.note, asks, item_since: 0, state: "open" };
    await store.putRehearsal(fresh);
    return (self.row = fresh);
  }

  // Which item is on when the recorder starts again, and whether it starts from its beginning.
  function whereTo(first) {
    const items = self.takes.flatMap((take) => take.marks.filter(({ kind }) => kind === "item"));
    if (!items.length) return [first, true];
    return [items.at(-1).item, self.takes.at(-1).marks.some(({ kind }) => kind === "again")];
  }

  async function newTake(first, upright, type, more = {}) {
    await count();
    const [item, isFresh] = whereTo(first);
    if (isFresh) await remember({ item_since: self.before });
    const marks = [{ kind: "item", item, at_ms: 0, ...(isFresh ? {} : { goes_on: true }) }];
    const number = (self.takes.at(-1)?.number ?? 0) + 1;
    const take = { key: outbox.newId(), rehearsal: self.row.key, user, number, quality: self.row.quality, type, upright, begun: now(), marks, lasted: 0, bytes: 0, pieces: 0, sent: 0, ended: false, whole: false, ...more };
    await store.putTake(take);
    return { take, item };
  }

  // A recorder that was stopped at once has stored nothing: the server must not wait for it.
  async function ended(take) {
    const row = await store.take(take.key);
    await (row.bytes ? facts.report(take.key) : store.forget(take.key));
    return count();
  }

  // The recording person confirms that the take is complete.
  async function finish() {
    await count();
    const last = self.takes.at(-1);
    if (!last || last.marks.some(({ kind }) => kind === "end")) return;
    await store.mark(last.key, { kind: "end", at_ms: last.lasted });
    await facts.report(last.key);
  }

  async function remember(more) {
    await store.putRehearsal(Object.assign(self.row, more));
  }

  async function drop() {
    await facts.dropped(self.row);
    await remember({ state: "dropped" });
    for (const take of self.takes) await store.forget(take.key);
    self.row = null;
    return count();
  }

  async function hand(submission, own) {
    await facts.handed(self.row, submission, own);
    await store.close(self.row.key, "handed");
    return self.row.key;
  }

  return Object.assign(self, { count, resume, begin, newTake, ended, finish, remember, drop, hand });
}

// Holds the studio for this tab as long as it lives; `waits` is called when another tab has it. Without locks two tabs
// may record: each in takes of its own, which nothing confuses.
export function alone(name, waits) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((done) => {
    const hold = () => (done(), new Promise(() => {}));
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock) return hold();
      waits();
      navigator.locks.request(name, hold);
    });
  });
}

// The MB that recording to the end needs and the MB that are free, if these are too few.
export async function room({ video, audio }, seconds) {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  const [need, free] = [((video + audio) / 8) * seconds, quota - usage];
  const mb = (bytes) => Math.round(bytes / 1e6);
  return quota && free < need * 1.2 ? { free: mb(free), need: mb(need) } : null;
}
