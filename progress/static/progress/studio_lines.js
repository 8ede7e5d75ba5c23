// The items of the plan and the lines of their scripts while recording: which is on, how long, what was said.
//   lines(box, {mark, minutes}) → {begin(), next(), item(), tick(ms), reset()}
export function lines(box, { mark, words }) {
  const items = [...box.querySelectorAll("[data-item]")];
  const clock = box.querySelector("[data-item-clock]");
  let at = 0, began = 0;

  function show() {
    items.forEach((item, n) => (item.hidden = n !== at));
    const after = items[at + 1];
    box.querySelector("[data-after]").textContent = after ? words.after.replace("{name}", after.dataset.name) : "";
    box.querySelector("[data-scroll]").scrollTop = 0;
    box.dispatchEvent(new CustomEvent("studio:item", { detail: items[at] }));
  }

  // A line is ticked by whoever stands beside the camera, or by the speaker.
  box.addEventListener("click", ({ target }) => {
    const line = target.closest("[data-part]");
    if (!line || line.getAttribute("aria-pressed") === "true") return;
    line.setAttribute("aria-pressed", "true");
    mark({ kind: "said", item: idOf(items[at]), part: line.dataset.part, line: Number(line.dataset.line) });
  });

  const idOf = (item) => Number(item?.dataset.item ?? 0);
  const left = (ms) => Number(items[at]?.dataset.minutes ?? 0) * 60_000 - (ms - began);
  show();
  return {
    item: () => idOf(items[at]),
    isLast: () => at >= items.length - 1,
    // Where the rehearsal stands, as its takes tell it.
    go(item, since) {
      at = Math.max(0, items.findIndex((one) => idOf(one) === item));
      began = since;
      show();
    },
    next(ms) {
      at = Math.min(at + 1, items.length - 1);
      began = ms;
      show();
      mark({ kind: "item", item: idOf(items[at]) });
    },
    // Once more from its first line.
    again(ms) {
      began = ms;
      for (const line of items[at]?.querySelectorAll("[aria-pressed=true]") ?? []) line.setAttribute("aria-pressed", "false");
      show();
    },
    tick(ms) {
      const seconds = Math.round(left(ms) / 1000);
      clock.textContent = (seconds < 0 ? "−" : "") + minutes(Math.abs(seconds));
      clock.classList.toggle("is-over", seconds < 0);
    },
  };
}

export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// What is left of takes when those bits are gone that were done again, in milliseconds; see progress/cutting.py.
export function keptMs(takes) {
  const kept = [];
  let began = new Map();
  for (const [number, { marks, lasted }] of takes.entries()) {
    kept.push({ number, until: lasted ?? 0 });
    for (const mark of marks) {
      if (mark.kind === "item" && !mark.goes_on) began.set(mark.item, [number, mark.at_ms]);
      if (mark.kind !== "again" || !began.has(mark.item)) continue;
      const [first, ms] = began.get(mark.item);
      while (kept.length && kept.at(-1).number > first) kept.pop();
      if (kept.at(-1)?.number === first) kept.at(-1).until = Math.min(kept.at(-1).until, ms);
      began = new Map([...began].filter(([, [take, at]]) => take < first || (take === first && at < ms)));
      break;
    }
  }
  return kept.reduce((sum, { until }) => sum + until, 0);
}
