// A lesson's text in the voice of who teaches it (只听), part after part, with the paragraph that is heard. Where there is no
// recording, or it cannot be fetched, the phone's own speech reads, and the page says so.
const SPEEDS = [1, 1.25, 1.5, 0.75];
const BLOCKS = "h2, h3, h4, p, li, tr"; // as courses.voices.paragraphs counts them
const STEP = 10; // seconds
const SPOKEN = 600; // ms: no speech of a phone takes longer for a character

const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");

export default async function voices(box) {
  const [{ pickVoice }, { fetchSound, recall, remember, read }] = await Promise.all([import(box.dataset.script), import(box.dataset.sounds)]);
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [go, faster, by, nth] = [part("go"), part("faster"), part("by"), part("nth")];
  const blocks = [...document.querySelectorAll(".prose")].at(0)?.querySelectorAll(BLOCKS) ?? [];
  const buttons = [...box.querySelectorAll("[data-play]")];
  const { user } = box.dataset;
  const sound = new Audio();
  let steps = [], at = 0, turn = 0, isOn = false, isSpeech = false, timer;

  const rate = () => Number(faster.dataset.rate ?? 1);
  const chosen = () => buttons.find((button) => button.dataset.choice === recall(user)) ?? buttons[0];

  function mark(step) {
    nth.textContent = step ? fill(nth.dataset.words, { nth: at + 1, all: steps.length }) : "";
    part("now").textContent = step?.text ?? "";
    const block = step && blocks[step.block];
    if (!block) return globalThis.CSS?.highlights?.delete("aloud");
    const range = new Range();
    range.selectNodeContents(block);
    globalThis.CSS?.highlights?.set("aloud", new Highlight(range));
  }

  async function play(seconds = 0) {
    const mine = ++turn;
    const step = steps[at];
    clearTimeout(timer);
    globalThis.speechSynthesis?.cancel();
    sound.pause();
    if (!step) return stop(true);
    mark(step);
    const url = step.src && (await fetchSound(step.src).catch(() => ""));
    if (mine !== turn || !isOn) return;
    isSpeech = !url;
    by.textContent = isSpeech ? [step.src && box.dataset.failed, by.dataset.phone].filter(Boolean).join(" ") : "";
    if (isSpeech) return speak(step, mine);
    sound.src = url;
    sound.defaultPlaybackRate = sound.playbackRate = rate();
    if (seconds) sound.currentTime = seconds;
    sound.onended = () => mine === turn && isOn && ((at += 1), play());
    await sound.play().catch(() => mine === turn && stop(false));
    const next = steps[at + 1]?.src; // fetched while this one is heard
    if (next) fetchSound(next).catch(() => null);
  }

  function speak(step, mine) {
    const on = () => mine === turn && isOn && ((at += 1), play());
    const voice = globalThis.speechSynthesis && pickVoice(box.dataset.lang);
    // Nobody reads it: it stays marked for a moment. Behind a dark screen a phone may also forget to say that it has read.
    timer = setTimeout(on, voice ? 4000 + (step.text.length * SPOKEN) / rate() : 2000);
    if (!voice) return;
    const words = new SpeechSynthesisUtterance(step.text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = rate();
    words.onend = on;
    words.onerror = () => mine === turn && stop(false);
    speechSynthesis.speak(words);
  }

  function stop(isOver) {
    isOn = false;
    turn += 1;
    clearTimeout(timer);
    sound.pause();
    globalThis.speechSynthesis?.cancel();
    go.textContent = box.dataset.on;
    by.textContent = "";
    if (!isOver) return;
    at = 0;
    mark(null);
    part("panel").hidden = true;
  }

  function begin(seconds) {
    isOn = true;
    part("panel").hidden = false;
    go.textContent = box.dataset.pause;
    for (const video of document.querySelectorAll("video")) video.pause();
    play(seconds);
  }

  // From its beginning, or the next voice from the same paragraph.
  function hear(button) {
    if (!isOn && part("panel").hidden) at = 0;
    steps = read(button.dataset.play);
    remember(user, button.dataset.choice);
    show();
    begin();
    control(button.querySelector("span").textContent.trim());
  }

  // The buttons of a locked screen and of a headset.
  function control(artist) {
    const session = navigator.mediaSession;
    if (!session || !globalThis.MediaMetadata) return;
    session.metadata = new MediaMetadata({ title: document.querySelector("h1")?.textContent.trim(), artist });
    const acts = { play: resume, pause: () => stop(false), previoustrack: () => move(-1), nexttrack: () => move(1), seekbackward: back };
    for (const [name, act] of Object.entries(acts)) session.setActionHandler(name, act);
  }

  const resume = () => begin(isSpeech ? 0 : sound.currentTime);
  const move = (by) => ((at = Math.min(Math.max(at + by, 0), steps.length - 1)), begin());
  function back() {
    if (isSpeech || sound.currentTime < 2) at = Math.max(0, at - 1);
    begin(isSpeech ? 0 : Math.max(0, sound.currentTime - STEP));
  }

  // The voice heard last is marked, and its weight stands beside 只听.
  function show() {
    for (const button of buttons) {
      button.classList.toggle("btn--leaf", button === chosen());
      button.classList.toggle("btn--line", button !== chosen());
    }
    const size = document.querySelector('a[data-rendition="listen"]:not([data-src]) [data-size]');
    if (size) size.textContent = chosen().dataset.size;
  }

  for (const button of buttons) button.addEventListener("click", () => hear(button));
  go.addEventListener("click", () => (isOn ? stop(false) : resume()));
  part("back").addEventListener("click", back);
  part("earlier").addEventListener("click", () => move(-1));
  part("later").addEventListener("click", () => move(1));
  faster.addEventListener("click", () => {
    const next = SPEEDS[(SPEEDS.indexOf(rate()) + 1) % SPEEDS.length];
    faster.dataset.rate = next;
    faster.firstElementChild.textContent = `${next}×`;
    sound.playbackRate = next;
    if (isOn && isSpeech) play();
  });
  document.addEventListener("play", ({ target }) => target !== sound && isOn && stop(false), { capture: true });
  window.addEventListener("pagehide", () => isOn && stop(false));
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-say]") && isOn) stop(false);
    const way = target.closest("a[data-rendition]");
    if (!way) return;
    if (way.dataset.rendition !== "listen" || way.dataset.src) return isOn && stop(false);
    if (!isOn) hear(chosen());
    part("panel").scrollIntoView({ block: "center" });
  });
  show();
  box.hidden = false;
}
