// A person's own recording before it is handed in, take after take: from this phone if it is here, else from the server.
//   <details data-module data-user data-film="/…/{take}/film/" data-named="…{n}…"> with a <video>, a button [data-play]
//   and links [data-take=key][data-until=ms] in [data-takes]; a link is hidden where the server has nothing of its take

// For a box that the server rendered.
export async function mine(box) {
  const { store } = await import(box.dataset.module.split("#")[0]);
  const links = [...box.querySelectorAll("[data-take]")];
  const parts = links.map((link) => ({ key: link.dataset.take, until: Number(link.dataset.until), isThere: !link.hidden }));
  const film = viewing(box, store);
  for (const part of parts) part.isHere = window.indexedDB ? Boolean((await store.take(part.key).catch(() => null))?.bytes) : false;
  film.show(parts.filter(({ isThere, isHere }) => isThere || isHere));
}

// For the studio's box: show(parts) with [{key, until: ms}].
export function viewing(box, store) {
  const video = box.querySelector("video");
  const button = box.querySelector("[data-play]");
  const list = box.querySelector("[data-takes]");
  let parts = [], at = 0, local = "", isMeasuring = false;
  const urlOf = ({ key }) => box.dataset.film.replace("{take}", key);

  function links() {
    list.replaceChildren(...parts.map(({ until }, n) => {
      const link = Object.assign(document.createElement("button"), { type: "button", className: "pill", textContent: `${box.dataset.named.replace("{n}", n + 1)}${until ? ` ${clock(until)}` : ""}` });
      if (n === at) link.setAttribute("aria-current", "true");
      link.addEventListener("click", () => play(n));
      return link;
    }));
    list.hidden = parts.length < 2;
  }

  function show(found) {
    [parts, at] = [found, 0];
    box.hidden = !parts.length;
    video.pause();
    video.controls = false;
    video.removeAttribute("src");
    button.hidden = false;
    links();
  }

  // Takes no longer on this phone come from the server; of a take whose beginning was deleted here, both parts are used.
  async function source(part) {
    const kept = window.indexedDB ? await store.film(part.key).catch(() => null) : null;
    URL.revokeObjectURL(local);
    local = "";
    if (!kept?.parts.length) return urlOf(part);
    let before = [];
    if (kept.start) {
      const answer = await fetch(urlOf(part)).catch(() => null);
      if (!answer?.ok) return urlOf(part);
      before = [(await answer.blob()).slice(0, kept.start)];
    }
    return (local = URL.createObjectURL(new Blob([...before, ...kept.parts], { type: kept.type.split(";")[0] })));
  }

  async function play(n) {
    at = n;
    links();
    button.hidden = true;
    video.controls = true;
    video.src = await source(parts[n]);
    if (local) await measure();
    await video.play().catch(() => (button.hidden = false));
  }

  // A recording does not contain its duration: after seeking to its end the browser knows it and can show a seek bar.
  function measure() {
    isMeasuring = true;
    return new Promise((done) => {
      const end = () => ((isMeasuring = false), done());
      video.addEventListener("error", end, { once: true });
      video.addEventListener("loadedmetadata", () => {
        if (Number.isFinite(video.duration)) return end();
        video.addEventListener("seeked", () => {
          video.addEventListener("seeked", end, { once: true });
          video.currentTime = 0;
        }, { once: true });
        video.currentTime = 1e7;
      }, { once: true });
    });
  }

  const next = () => at + 1 < parts.length && play(at + 1);
  video.addEventListener("ended", () => isMeasuring || next());
  // What was recorded after that does not belong to it.
  video.addEventListener("timeupdate", () => {
    const { until } = parts[at] ?? {};
    if (isMeasuring || video.paused || !until || video.currentTime * 1000 < until + 300) return;
    video.pause();
    next();
  });
  button.addEventListener("click", () => play(at));
  return { show, stop: () => video.pause() };
}

const clock = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
