// What the phone's outbox reports of a rehearsal: absolute facts under ids made here.
// See rehearsals/submissions/offline_events.py.
export function facts({ user, store, outbox }) {
  async function about(row, more = {}) {
    const takes = await store.takesOf(user, row.key);
    const { key: rehearsal, live, quality, begun } = row;
    return { rehearsal, live, quality, begun, on_phone: store.waitingBytes(takes), ...more };
  }

  const of = (row, marks = row.marks) => ({ take: row.key, number: row.number, upright: row.upright, take_begun: row.begun, lasted_ms: row.lasted, left_out: row.left_out === true, marks });

  async function tell(kind, body) {
    await outbox.add(user, kind, body);
    outbox.send();
  }

  // Sent before the take's first byte, and again at its end with all its events.
  async function report(key) {
    const row = await store.take(key);
    if (!row || (row.reported && !row.ended)) return;
    const rehearsal = await store.rehearsal(row.rehearsal);
    await tell("take", { ...(await about(rehearsal)), ...of(row) });
    await store.change(key, (one) => (one.reported = true));
  }

  // The page of an open take was closed. What a recorder stored counts; a film that was not copied to its end cannot be played.
  async function close(row) {
    if (!row.marks.some(({ kind }) => kind === "file")) {
      await store.change(row.key, (one) => Object.assign(one, { ended: true, why: "cut" }));
      return report(row.key);
    }
    if (row.reported) await tell("take", { ...(await about(await store.rehearsal(row.rehearsal))), ...of({ ...row, left_out: true }) });
    await store.forget(row.key);
  }

  // The whole take has arrived.
  async function arrived(key) {
    const row = await store.take(key);
    await tell("take", { ...(await about(await store.rehearsal(row.rehearsal))), ...of(row) });
  }

  async function handed(row, submission, own) {
    const takes = (await store.takesOf(user, row.key)).filter(({ bytes }) => bytes > 0);
    const shape = (one) => of(one, one.marks.filter(({ kind }) => kind === "item" || kind === "again"));
    await tell("handed_in", { ...(await about(row)), submission, ...own, takes: takes.map(shape) });
  }

  const dropped = async (row) => tell("rehearsal", await about(row, { dropped: true }));
  return { report, close, arrived, handed, dropped };
}
