// A lesson's video: one tap begins where this person stopped, on this phone or another; large buttons, keys, speed.
// Without it the browser's own controls are used. See progress/lessons/_player.html.
const END = 3000;
const BAR = 4000;

function kept(box) {
  try { return JSON.parse(localStorage.getItem(`at:${box.dataset.user}:${box.dataset.lesson}`)) ?? {}; } catch { return {}; }
}

// The later of the server's and this phone's positions; a time in the URL has priority.
function resume(box) {
  const { last, lastAt, asked, length } = box.dataset;
  const mine = kept(box);
  const newer = asked === undefined && mine.at && mine.at > (Date.parse(lastAt) || 0);
  const at = newer ? mine.ms : Number(last);
  return at < Number(length) - END ? at : 0;
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export default function player(box) {
  const video = box.querySelector("video");
  const button = box.querySelector("[data-play]");
  const keys = box.querySelector("[data-keys]");
  const toggle = box.querySelector("[data-toggle]");
  const speeds = [...box.querySelectorAll("[name=speed]")];
  const last = resume(box);

  if (last !== Number(box.dataset.last)) {
    box.dataset.last = last;
    const status = box.querySelector("[data-last-status]");
    status.textContent = last ? status.dataset.words.replace("{at}", clock(last)) : "";
    video.src = video.getAttribute("src").split("#")[0] + (last ? `#t=${last / 1000}` : "");
  }

  // Captions are loaded with the film, not with the page: otherwise every visitor would download them.
  function begin() {
    if (box.dataset.began === undefined && video.querySelector("track[data-shown]")) video.textTracks[0].mode = "showing";
    box.dataset.began = "";
    button.hidden = true;
    box.querySelector("[data-shade]").hidden = true;
    keys.hidden = false;
  }

  // The browser's own bar pushes the captions up into the picture: it appears when the picture is touched or reached by
  // key, and disappears again.
  let bar;
  function reach() {
    if (box.dataset.began === undefined) return;
    video.controls = true;
    clearTimeout(bar);
    bar = setTimeout(leave, BAR);
  }
  function leave() {
    if (document.fullscreenElement || video.matches(":focus-visible")) return reach();
    video.controls = false;
  }
  video.tabIndex = 0;
  for (const name of ["pointerdown", "pointermove"]) video.addEventListener(name, reach);
  video.addEventListener("focus", () => video.matches(":focus-visible") && reach());

  const play = () => video.play().catch(() => null);
  const flip = () => (video.paused ? play() : video.pause());

  function to(seconds) {
    const end = Number(box.dataset.length) / 1000;
    const place = Math.min(Math.max(seconds, 0), end);
    if (video.readyState) video.currentTime = place;
    else video.src = `${video.getAttribute("src").split("#")[0]}#t=${place}`;
  }

  function speed(step) {
    const at = speeds.findIndex((each) => each.checked);
    const next = speeds[Math.min(Math.max(at + step, 0), speeds.length - 1)];
    next.checked = true;
    next.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const acts = {
    " ": flip,
    k: flip,
    ArrowLeft: () => to(video.currentTime - 10),
    ArrowRight: () => to(video.currentTime + 10),
    "<": () => speed(-1),
    ">": () => speed(1),
  };

  function key(event) {
    const { target } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || box.querySelector("[data-figure]").hidden) return;
    const inside = box.contains(target);
    if (!inside && target !== document.body && target.id !== "main") return;
    if (!inside && box.dataset.began === undefined) return;
    const own = target.closest("button, a, input, summary, textarea, select");
    if (own && target !== video && !"<>".includes(event.key)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  button.hidden = false;
  video.controls = false;
  for (const each of speeds) each.checked = each.value === box.dataset.speed;
  video.defaultPlaybackRate = video.playbackRate = Number(box.dataset.speed) / 100;

  button.addEventListener("click", () => {
    begin();
    play();
    video.focus();
  });
  video.addEventListener("play", begin);
  for (const name of ["play", "pause"]) {
    video.addEventListener(name, () => (toggle.textContent = video.paused ? toggle.dataset.go : toggle.dataset.pause));
  }
  toggle.addEventListener("click", flip);
  video.addEventListener("error", () => {
    const status = document.getElementById("status");
    if (!status || box.dataset.began === undefined) return;
    status.className = "toast toast--float";
    status.textContent = status.dataset.failed;
    setTimeout(() => (status.className = "sr"), 6000);
  });
  for (const each of box.querySelectorAll("[data-by]")) {
    each.addEventListener("click", () => to(video.currentTime + Number(each.dataset.by)));
  }
  for (const each of speeds) {
    each.addEventListener("change", () => (video.defaultPlaybackRate = video.playbackRate = Number(each.value) / 100));
  }
  // In the capture phase, because the browser's own controls would handle these keys.
  document.addEventListener("keydown", key, { capture: true });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-to]");
    if (!link || event.ctrlKey || event.metaKey) return;
    // A reader who taps a time wants to hear that place.
    const heard = box.querySelector("[data-figure]").hidden && (box.querySelector('a[data-rendition="listen"]') ?? box.querySelector("a[data-video]"));
    if (box.querySelector("[data-figure]").hidden && !heard) return;
    event.preventDefault();
    begin();
    to(Number(link.dataset.to) / 1000);
    box.dataset.last = link.dataset.to;
    if (heard) heard.click(); // goes on from that place
    play();
    box.scrollIntoView({ block: "nearest" });
  });
}
