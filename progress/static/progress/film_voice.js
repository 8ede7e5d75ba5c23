// A film in the voice of who teaches it: each line at its time, the film's music low. A line that lasts longer than its picture is
// heard to its end, and the next one begins after it.
const QUIET = 0.2; // of a film's own loudness while somebody speaks over it
const LATE = 1000; // ms: a line that begins this late still begins at its first word

export default async function filmVoice(box) {
  const { fetchSound, recall, remember, read } = await import(box.dataset.sounds);
  const video = box.closest("#player").querySelector("video");
  const says = box.querySelector("[data-says]");
  const choices = [...box.querySelectorAll("input")];
  const { user } = box.dataset;
  const sound = new Audio();
  let cues = [], now = -1, turn = 0, isLoading = false, loud = null;

  const at = () => video.currentTime * 1000;
  const isSpeaking = () => isLoading || (now >= 0 && !sound.ended && Boolean(sound.getAttribute("src")));

  function hush(isOn) {
    if (isOn === (loud !== null)) return;
    if (!isOn) {
      [video.volume, video.muted] = loud;
      loud = null;
      return;
    }
    loud = [video.volume, video.muted];
    video.volume *= QUIET;
    if (video.volume > loud[0] * QUIET + 0.01) video.muted = true; // a phone that has no loudness of its own for a film
  }

  function drop() {
    turn += 1;
    now = -1;
    isLoading = false;
    sound.pause();
    sound.removeAttribute("src");
  }

  // What is to be heard now, unless the line before is not over. After a jump a line begins in its middle.
  function look() {
    if (video.paused || video.seeking || isSpeaking()) return;
    const here = cues.findIndex(({ from, to }) => from <= at() && at() < to);
    if (here < 0 || here === now) return;
    const offset = now < 0 ? at() - cues[here].from : 0;
    now = here;
    start(cues[here], offset);
  }

  async function start({ src }, offset) {
    const mine = ++turn;
    sound.removeAttribute("src");
    says.textContent = src ? "" : says.dataset.gap;
    if (!src) return;
    isLoading = true;
    const asked = at();
    const url = await fetchSound(src).catch(() => "");
    if (mine !== turn) return;
    isLoading = false;
    if (!url) return (says.textContent = says.dataset.failed);
    const late = at() - asked;
    sound.src = url;
    sound.defaultPlaybackRate = sound.playbackRate = video.playbackRate;
    sound.currentTime = (offset + (late > LATE ? late : 0)) / 1000;
    if (!video.paused) sound.play().catch(() => null);
    const next = cues[now + 1]?.src;
    if (next) fetchSound(next).catch(() => null);
  }

  function choose() {
    const choice = choices.find((each) => each.checked);
    drop();
    says.textContent = "";
    cues = choice.dataset.cues ? read(choice.dataset.cues) : [];
    hush(cues.length > 0);
    look();
  }

  video.addEventListener("timeupdate", look);
  for (const name of ["play", "playing"]) {
    video.addEventListener(name, () => (isSpeaking() && !isLoading ? sound.play().catch(() => null) : look()));
  }
  video.addEventListener("pause", () => video.ended || sound.pause());
  video.addEventListener("waiting", () => sound.pause());
  for (const name of ["seeking", "emptied"]) video.addEventListener(name, drop);
  video.addEventListener("seeked", look);
  video.addEventListener("ratechange", () => (sound.playbackRate = video.playbackRate));
  sound.addEventListener("ended", look);
  for (const each of choices) each.addEventListener("change", () => (remember(user, each.value), choose()));
  const kept = choices.find((each) => each.value === recall(user)) ?? choices[1];
  kept.checked = true;
  choose();
  box.hidden = false;
}
