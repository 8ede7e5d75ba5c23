// What the studio's page shows: which part is visible, and its contents. Knows nothing of recording.
export function view(box, words) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  const stage = box.querySelector("[data-view=stage]");
  const fill = (word, facts) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
  const mb = (bytes) => (bytes / 1e6).toFixed(1);
  let awake = null, last = false;

  function say(name, text) {
    const line = part(name);
    line.querySelector("[data-text]").textContent = text;
    line.hidden = !text;
  }

  function show(name, mode = "") {
    for (const one of box.querySelectorAll("[data-view]")) one.hidden = !(one.dataset.view === name || (one.dataset.view === "script" && name === "ready"));
    stage.classList.toggle("stage--record", mode === "record");
    for (const one of stage.querySelectorAll("[data-only]")) one.hidden = one.dataset.only !== mode;
    part("next").hidden = mode !== "record" || last;
    part("end").hidden = mode !== "record" || !last;
    if (part("others")) part("others").hidden = name !== "ready";
    const seen = box.querySelector(`[data-view=${name}][tabindex]`);
    if (seen) {
      scrollTo(0, 0);
      seen.focus({ preventScroll: true });
    }
  }

  return {
    part, fill, show, mb,
    bind(acts) {
      for (const [name, act] of Object.entries(acts)) {
        for (const button of box.querySelectorAll(`button[data-${name}]`)) {
          // One at a time: a second tap while the recorder stops is ignored.
          let busy = false;
          button.addEventListener("click", async () => {
            if (busy) return;
            busy = true;
            await Promise.resolve(act()).finally(() => (busy = false));
          });
        }
      }
    },
    ready() {
      for (const one of box.querySelectorAll("[data-scripted]")) one.hidden = false;
      part("plain").hidden = true;
    },
    // Shown above everything, also while the picture fills the screen.
    problem(text) {
      say("problem", text ?? "");
      (stage.hidden ? box : stage.querySelector(".stage__top")).prepend(part("problem"));
    },
    quality: () => box.querySelector("[name=quality]:checked").value,
    picture(stream, mirrored) {
      Object.assign(part("picture"), { srcObject: stream });
      part("picture").classList.toggle("is-mirrored", mirrored);
      part("picture").play?.().catch(() => null);
    },
    check({ level, light }, upright) {
      part("level").value = level;
      part("heard").textContent = level > 0.25 ? words.heard : words.quiet;
      part("light").textContent = words[light] ?? "";
      part("shape").textContent = upright ? words.upright : words.level;
    },
    // The planned duration; after it has passed, the maximum duration.
    clock(ms, planned, most) {
      part("clock").textContent = minutes(ms / 1000);
      part("most").textContent = ms < planned * 1000 ? `/ ${minutes(planned)}` : fill(words.most, { most: minutes(most) });
    },
    kept: (ms) => (part("kept").textContent = fill(words.kept, { time: minutes(ms / 1000) })),
    before(ms) {
      const text = ms ? fill(words.kept, { time: minutes(ms / 1000) }) : "";
      Object.assign(part("before"), { hidden: !ms, textContent: text });
      for (const one of box.querySelectorAll("[data-resumed], [data-further]")) one.hidden = !ms;
      for (const one of box.querySelectorAll("[data-first], [data-choice]")) one.hidden = Boolean(ms);
    },
    last(is) {
      last = is;
      [part("next").hidden, part("end").hidden] = [is, !is];
    },
    line({ problem, sentence }, left) {
      const why = { login: words.login, other: words.other, offline: words.offline, busy: words.offline, full: sentence || words.server }[problem];
      say("line", !left ? (part("line").hidden ? "" : words.sent) : sentence && problem === "refused" ? fill(words.refused, { why: sentence }) : why ?? fill(words.sending, { left: mb(left) }));
    },
    async wake(on) {
      if (on) awake ??= await navigator.wakeLock?.request("screen").catch(() => null);
      else {
        awake?.release().catch(() => null);
        awake = null;
      }
    },
  };
}

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
