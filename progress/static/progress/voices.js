// Plays a lesson in the voice of who teaches it, part after part, each paragraph highlighted while it is heard. Where there is no
// recording, or it cannot be fetched, the phone's own speech reads, and the page says so.
const SPEEDS = [1, 1.25, 1.5, 0.75];
const BLOCKS = "h2, h3, h4, p, li, tr"; // as courses.voices.paragraphs counts them
const STEP = 10; // seconds

export default async function voices(box) {
  const { pickVoice } = await import(box.dataset.script);
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [go, faster, by] = [part("go"), part("faster"), part("by")];
  const blocks = [...document.querySelectorAll(".prose")].at(0)?.querySelectorAll(BLOCKS) ?? [];
  const sound = new Audio();
  const stored = new Map(); // address → address of what was fetched
  let steps = [], at = 0, turn = 0, isOn = false, isSpeech = false;

  const rate = () => Number(faster.dataset.rate ?? 1);

  function mark(step) {
    const block = step && blocks[step.block];
    if (!block) return globalThis.CSS?.highlights?.delete("aloud");
    const range = new Range();
    range.selectNodeContents(block);
    globalThis.CSS?.highlights?.set("aloud", new Highlight(range));
    const { top, bottom } = block.getBoundingClientRect();
    if (top < 60 || bottom > innerHeight - 120) block.scrollIntoView({ block: "center" });
  }

  // Whole, so that a recording that was kept on the phone is played from there.
  async function fetchSound(url) {
    if (!stored.has(url)) {
      const answer = await fetch(url);
      if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("audio/")) throw new Error(url);
      stored.set(url, URL.createObjectURL(await answer.blob()));
    }
    return stored.get(url);
  }

  async function play(seconds = 0) {
    const mine = ++turn;
    const step = steps[at];
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
    if (!voice) return setTimeout(on, 2000); // nobody reads it: it stays marked for a moment
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

  for (const button of box.querySelectorAll("[data-play]"))
    button.addEventListener("click", () => {
      steps = JSON.parse(document.getElementById(button.dataset.play).textContent);
      at = 0;
      begin();
    });
  go.addEventListener("click", () => (isOn ? stop(false) : begin(isSpeech ? 0 : sound.currentTime)));
  part("back").addEventListener("click", () => {
    if (isSpeech || sound.currentTime < 2) at = Math.max(0, at - 1);
    begin(isSpeech ? 0 : Math.max(0, sound.currentTime - STEP));
  });
  faster.addEventListener("click", () => {
    const next = SPEEDS[(SPEEDS.indexOf(rate()) + 1) % SPEEDS.length];
    faster.dataset.rate = next;
    faster.firstElementChild.textContent = `${next}×`;
    sound.playbackRate = next;
    if (isOn && isSpeech) play();
  });
  document.addEventListener("play", ({ target }) => target !== sound && isOn && stop(false), { capture: true });
  window.addEventListener("pagehide", () => isOn && stop(false));
  document.addEventListener("click", ({ target }) => target.closest("[data-say]") && isOn && stop(false));
  box.hidden = false;
}
