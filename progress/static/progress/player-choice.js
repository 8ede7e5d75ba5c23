// The ways to take a lesson: clear, data saver, listen, read. Changes during playback keep the position. A tap applies
// to this lesson; a button stores it for all. While nothing was chosen, a slow connection gets the data saver.
const SLOW_MS = 1500;

function slow() {
  const line = navigator.connection;
  if (line) return line.saveData || /2g|3g/.test(line.effectiveType ?? "");
  const [page] = performance.getEntriesByType("navigation");
  return page ? page.responseEnd - page.requestStart > SLOW_MS : false;
}

// A film stored on this phone is played from there, online or offline: this costs no data.
async function here(box, links) {
  const name = `farm-kept-${box.dataset.user}`;
  if (!window.caches || !(await caches.has(name))) return;
  const cache = await caches.open(name);
  for (const link of links.filter((each) => each.dataset.src)) {
    if (!(await cache.match(link.dataset.src))) continue;
    link.querySelector("[data-size]").textContent = box.querySelector("[data-here]").dataset.here;
    link.querySelector("[data-cost]")?.remove();
  }
}

export default function choice(box) {
  const video = box.querySelector("video");
  const figure = box.querySelector("[data-figure]");
  const links = [...box.querySelectorAll("a[data-rendition]")];
  const main = box.querySelector("a[data-video]");
  const habit = box.querySelector("[data-habit]");
  const { user } = box.dataset;

  async function remember(body) {
    try {
      const { add, send } = await import(box.dataset.outbox);
      await add(user, "choice", body);
      await send();
      return true;
    } catch { return false; /* nothing can be kept here: it holds as long as this page */ }
  }

  function mark(rendition) {
    const picked = links.find((link) => link !== main && link.dataset.rendition === rendition && link.dataset.src);
    if (main && picked && /^\d+$/.test(rendition)) {
      main.dataset.rendition = rendition;
      main.dataset.src = picked.dataset.src;
      for (const part of ["size", "cost"]) {
        const status = main.querySelector(`[data-${part}]`);
        if (status) status.textContent = picked.querySelector(`[data-${part}]`)?.textContent ?? "";
      }
    }
    for (const link of links) {
      if (link.dataset.rendition === rendition) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    box.dataset.rendition = rendition;
  }

  // Before the film has begun nothing is downloaded: the new address waits like the old one.
  function change(src) {
    if (video.getAttribute("src").split("#")[0] === src) return;
    const playing = !video.paused;
    const place = video.currentTime;
    if (!video.readyState && !playing) {
      video.src = `${src}#t=${Number(box.dataset.last) / 1000}`;
      return;
    }
    video.src = src;
    video.addEventListener("loadedmetadata", () => (video.currentTime = place), { once: true });
    if (playing) video.play().catch(() => null);
    else video.load();
  }

  function pick(rendition, chosen) {
    const link = links.find((each) => each.dataset.rendition === rendition);
    if (!link) return;
    const { src } = link.dataset;
    if (!src) video.pause();
    mark(rendition);
    figure.hidden = !src;
    box.querySelector("[data-keys]").hidden = !src || box.dataset.began === undefined;
    if (src) change(src);
    show();
    if (chosen) offer(rendition);
  }

  function offer(rendition) {
    habit.hidden = rendition === habit.dataset.habit;
    habit.elements.rendition.value = rendition;
    habit.querySelector("button").hidden = false;
    const status = habit.querySelector("[role=status]");
    status.textContent = status.dataset.words;
  }

  habit.addEventListener("submit", async (event) => {
    event.preventDefault();
    const rendition = habit.elements.rendition.value;
    if (!(await remember({ rung: rendition }))) return habit.submit();
    habit.dataset.habit = rendition;
    habit.querySelector("button").hidden = true;
    const status = habit.querySelector("[role=status]");
    status.textContent = status.dataset.kept;
  });

  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-rendition]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    pick(link.dataset.rendition, true);
  });
  for (const each of box.querySelectorAll("[name=speed]")) {
    each.addEventListener("change", () => remember({ speed_percent: Number(each.value) }));
  }

  const track = video.textTracks[0];
  let shown = Boolean(video.querySelector("track[data-shown]"));
  video.textTracks.addEventListener("change", () => {
    const now = track?.mode === "showing";
    if (now === shown || box.dataset.began === undefined) return;
    shown = now;
    remember({ captions: now });
  });

  // Over the picture the browser places captions at the bottom edge; without a picture they are below the player.
  const cue = box.querySelector("[data-cue]");
  function show() {
    const now = track?.mode === "showing" ? [...(track.activeCues ?? [])] : [];
    cue.textContent = now.map((one) => one.text.replace(/<[^>]*>/g, "")).join(" ");
    cue.hidden = box.dataset.rendition !== "listen" || !cue.textContent;
  }
  track?.addEventListener("cuechange", show);
  here(box, links);

  if (box.dataset.unset !== undefined && box.dataset.rendition === "480" && slow()) pick("240", false);
}
