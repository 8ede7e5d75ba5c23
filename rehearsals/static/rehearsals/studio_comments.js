// Simulated viewers who ask questions: at unpredictable moments, once each; answered by a tap, or left.
//   plan(bank, count, seconds) → [{comment, name, text, due_ms}]
//   comments(box, {asks, mark, now, remember}) → {tick(), clear()}
const LEFT_AFTER = 45_000; // ms
const FROM = 0.12, UNTIL = 0.9; // of the planned time

// One in each equal part of the time, at a random moment of it.
export function plan(bank, count, seconds, dice = Math.random) {
  const left = [...bank];
  const chosen = [];
  while (left.length && chosen.length < count) chosen.push(...left.splice(Math.floor(dice() * left.length), 1));
  const [start, width] = [seconds * FROM, (seconds * (UNTIL - FROM)) / Math.max(1, chosen.length)];
  return chosen.map(({ id, name, text }, n) => ({ comment: id, name, text, due_ms: Math.round((start + width * (n + dice() * 0.8)) * 1000) }));
}

export function comments(box, { asks, mark, now, remember }) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  let shown = null;

  function show(ask) {
    shown = { ...ask, since: performance.now() };
    part("who").textContent = ask.name;
    part("asks").textContent = ask.text;
    box.hidden = false;
    mark({ kind: "asked", comment: ask.comment, name: ask.name, text: ask.text });
  }

  function end(kind) {
    if (!shown) return;
    mark({ kind, comment: shown.comment });
    shown = null;
    box.hidden = true;
  }

  part("answered").addEventListener("click", () => end("answered"));
  part("left").addEventListener("click", () => end("left"));
  return {
    tick() {
      if (shown) return performance.now() - shown.since > LEFT_AFTER ? end("left") : undefined;
      const next = asks.find((ask) => !ask.done && ask.due_ms <= now());
      if (!next) return;
      next.done = true;
      remember();
      show(next);
    },
    // At the end of a take, unanswered comments count as ignored.
    clear: () => end("left"),
  };
}
