// The items of the plan and the lines of their scripts while recording: which is shown, how long, what was spoken. The lines
// are scrolled by live/on_air/prompter.js, which is bound to the same element.
export function lines(box, { mark, words }) {
  const items = [...box.querySelectorAll("[data-item]")];
  const clock = box.querySelector("[data-item-clock]");
  const idOf = (item) => Number(item?.dataset.item ?? 0);
  const spoken = (item) => [...(item?.querySelectorAll("[data-n]") ?? [])];
  let at = 0, began = 0, on = false;

  function show() {
    const after = items[at + 1];
    box.querySelector("[data-after]").textContent = after ? words.after.replace("{name}", after.dataset.named) : "";
  }

  // A helper next to the camera, or the speaker, ticks a line with a tap; that must not stop the scrolling.
  box.addEventListener("click", (event) => {
    const line = event.target.closest("[data-n]");
    if (!line || !on) return;
    event.stopPropagation();
    const item = line.closest("[data-item]");
    if (line.classList.contains("is-spoken")) return;
    line.classList.add("is-spoken");
    mark({ kind: "said", item: idOf(item), part: line.dataset.part ?? "", line: spoken(item).filter((one) => one.dataset.part === line.dataset.part).indexOf(line) });
  }, { capture: true });

  show();
  return {
    item: () => idOf(items[at]),
    isLast: () => at >= items.length - 1,
    roll(to) {
      on = to;
      if (to) box.prompter?.play();
      else box.prompter?.pause();
    },
    // The position in the rehearsal, computed from its takes.
    go(item, since) {
      const before = at;
      at = Math.max(0, items.findIndex((one) => idOf(one) === item));
      began = since;
      if (at !== before) box.prompter?.jump(item);
      show();
    },
    next(ms) {
      at = Math.min(at + 1, items.length - 1);
      began = ms;
      box.prompter?.jump(idOf(items[at]));
      show();
      mark({ kind: "item", item: idOf(items[at]) });
    },
    // Starts the item again from its first line.
    again(ms) {
      began = ms;
      for (const line of spoken(items[at])) line.classList.remove("is-spoken");
      box.prompter?.jump(idOf(items[at]));
    },
    tick(ms) {
      const seconds = Math.round((Number(items[at]?.dataset.seconds ?? 0) * 1000 - (ms - began)) / 1000);
      clock.textContent = (seconds < 0 ? "+" : "") + minutes(Math.abs(seconds));
      clock.classList.toggle("is-over", seconds < 0);
    },
  };
}

export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// The parts of takes that remain when repeated items are cut out, in milliseconds; see rehearsals/recordings/edit_list.py.
export const keptMs = (takes) => stretches(takes).reduce((sum, { until }) => sum + until, 0);

// [{number: of the take in the list, until: ms}]; 0 for a film of unknown duration.
const SHORTEST = 500; // ms

export function stretches(takes) {
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
  return kept.filter(({ number, until }) => until >= SHORTEST || !takes[number].lasted);
}
