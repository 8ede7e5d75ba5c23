// The film of a rehearsal: plays from a mark, shows the position on the timeline, is enlarged while it plays.
// <div data-module data-length=ms data-start=s> with one [data-film], a [data-line], links [data-to=ms].
// Elsewhere on the page: [data-by=s], [data-toggle], [data-clock]. It dispatches "film:at" with {ms}.

export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// The position in tenths of a second, rounded down: what is noted or shown is never later than the film.
export const tenth = (ms) => (Math.floor(ms / 100) / 10).toFixed(1);

export default function film(box) {
  const video = box.querySelector("[data-film] video");
  if (!video) return;
  const length = Number(box.dataset.length);
  const button = box.querySelector("[data-play]");
  const size = box.querySelector("[data-size]");
  const clip = box.querySelector("[data-clip]");
  const line = box.querySelector("[data-line]");
  const range = line?.querySelector("input");
  const toggles = [...document.querySelectorAll("[data-toggle]")];
  const clocks = [...document.querySelectorAll("[data-clock]")];
  let began = false;
  let at = Number(box.dataset.start) * 1000;

  video.controls = false;
  for (const each of [button, range, ...toggles, ...document.querySelectorAll("[data-by]")]) if (each) each.hidden = false;

  // The current position; before the film is loaded, the position at which it will begin.
  const place = () => (video.readyState && began ? video.currentTime * 1000 : at);

  function draw() {
    const ms = place();
    const share = `${length ? Math.min((ms * 100) / length, 100).toFixed(2) : 0}%`;
    for (const each of clocks) each.textContent = clock(ms);
    if (!line) return;
    line.querySelector("[data-seen]").setAttribute("width", share);
    line.querySelector("[data-head]").setAttribute("x", share);
    const now = line.querySelector("[data-now]");
    const near = length && (ms / length < 0.14 || ms / length > 0.86);
    now.textContent = near ? "" : clock(ms);
    now.setAttribute("x", share);
    range.value = Math.round(ms);
    range.setAttribute("aria-valuetext", clock(ms));
  }

  function to(ms) {
    at = Math.min(Math.max(ms, 0), length || ms);
    if (video.readyState) video.currentTime = at / 1000;
    else video.src = `${video.getAttribute("src").split("#")[0]}#t=${at / 1000}`;
    began = began || video.readyState > 0;
    draw();
  }

  function grow(big) {
    if (!clip || clip.matches(".clip--board")) return; // beside its board it has one size
    size.hidden = false;
    clip.classList.toggle("clip--big", big);
    size.setAttribute("aria-pressed", big);
    size.querySelector("[data-big]").hidden = big;
    size.querySelector("[data-small]").hidden = !big;
  }

  function play() {
    if (!began) grow(true);
    return video.play().catch(() => null);
  }

  const flip = () => (video.paused ? play() : video.pause());

  function showState() {
    for (const each of toggles) {
      each.setAttribute("aria-label", video.paused ? each.dataset.go : each.dataset.stop);
      each.classList.toggle("is-on", !video.paused);
    }
    button.hidden = !video.paused;
  }

  // Whether the film has been played on this phone; the form that is signed asks about it. "0" or "1"; without script "".
  const played = box.querySelector("[data-played]");
  const storedAs = `played:${box.dataset.user}:${box.dataset.review}`;
  if (played) try { played.value = localStorage.getItem(storedAs) ?? "0"; } catch { /* not known */ }
  video.addEventListener("playing", () => {
    began = true;
    if (!played) return;
    played.value = "1";
    try { localStorage.setItem(storedAs, "1"); } catch { /* full or forbidden */ }
  });
  for (const name of ["play", "pause", "ended"]) video.addEventListener(name, showState);
  for (const name of ["timeupdate", "seeking", "seeked"]) video.addEventListener(name, draw);
  video.addEventListener("click", flip);
  button.addEventListener("click", flip);
  size?.addEventListener("click", () => grow(!clip.classList.contains("clip--big")));
  range?.addEventListener("input", () => to(Number(range.value)));
  for (const each of toggles) each.addEventListener("click", flip);
  for (const each of document.querySelectorAll("[data-by]")) each.addEventListener("click", () => to(place() + Number(each.dataset.by) * 1000));

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-to]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    to(Number(link.dataset.to));
    play();
    box.querySelector("[data-film]").scrollIntoView({ block: "nearest" });
  });
  // Used by the note's sheet: the position, pause and play.
  box.addEventListener("film:where", (event) => Object.assign(event.detail, { ms: Math.floor(place()), playing: !video.paused }));
  box.addEventListener("film:stop", () => video.pause());
  box.addEventListener("film:go", play);
  if (box.dataset.pins !== undefined) pin(box.querySelector("[data-place]"));
  draw();
  showState();
  // After a tap on a link the film begins. If the browser requires its own tap, its button is there; after a reload the film waits.
  if (box.dataset.plays === undefined) return;
  history.replaceState(history.state, "", location.pathname);
  play();
}

// When scrolled past, the film stays below the bar, small. Its place keeps its height, so that nothing below moves.
function pin(place) {
  const figure = place.firstElementChild;
  const bar = document.querySelector(".bar");
  function tell() {
    const { top, bottom } = place.getBoundingClientRect();
    const under = bar.offsetHeight;
    const isPast = top < under && bottom < under + window.innerHeight * 0.24;
    if (isPast === figure.classList.contains("film--pinned")) return;
    place.style.minHeight = isPast ? `${figure.offsetHeight}px` : "";
    figure.classList.toggle("film--pinned", isPast);
  }
  for (const name of ["scroll", "resize"]) window.addEventListener(name, tell, { passive: true });
  tell();
}
