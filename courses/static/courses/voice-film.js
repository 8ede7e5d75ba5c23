// The film beside the recorder: runs, muted, through the picture of a line while it is said, and says how much longer the speech is.
const SLACK = 0.5; // seconds, as courses.voices.film

export default function film(box) {
  const words = box.dataset;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const video = part("film");
  const fill = (text, n) => text.replace("{n}", n);
  let from = 0, to = 0; // of the picture, in seconds
  let clock, began;

  // Whole seconds by which a speech of this length is too long; 0 if it fits.
  const excess = (seconds) => (seconds > to - from + SLACK ? Math.max(1, Math.round(seconds - (to - from))) : 0);

  function tick(seconds) {
    const over = excess(seconds);
    part("picture").textContent = over ? fill(words.over, over) : fill(words.left, Math.max(0, Math.ceil(to - from - seconds)));
    if (video.currentTime >= to) video.pause();
    return over;
  }

  function show({ dataset }) {
    video.pause();
    [from, to] = [dataset.from / 1000, dataset.to / 1000];
    video.currentTime = from;
    part("seen").textContent = dataset.note;
    tick(0);
  }

  // Calls warn() once, when the speech has become longer than the picture.
  function begin(line, warn) {
    show(line);
    began = performance.now();
    let isWarned = false;
    clock = setInterval(() => {
      if (!tick(spoken()) || isWarned) return;
      isWarned = true;
      warn();
    }, 100);
    video.play().catch(() => null);
  }

  // What was recorded is heard over its picture.
  const heard = part("heard");
  heard.addEventListener("play", () => {
    video.currentTime = from + heard.currentTime;
    video.play().catch(() => null);
  });
  heard.addEventListener("pause", () => video.pause());
  video.addEventListener("timeupdate", () => video.currentTime >= to && video.pause());

  const spoken = () => (performance.now() - began) / 1000;
  const end = () => (clearInterval(clock), video.pause(), tick(spoken()));
  return { show, begin, end };
}
