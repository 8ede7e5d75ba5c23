// Two tries side by side: each plays alone, or both at once from their positions.
export default function pair(box) {
  const videos = [...box.querySelectorAll("video")];
  const both = document.querySelector("[data-both]");
  for (const video of videos) {
    const button = video.parentElement.querySelector("[data-play]");
    video.controls = false;
    button.hidden = false;
    const flip = () => (video.paused ? video.play().catch(() => null) : video.pause());
    button.addEventListener("click", flip);
    video.addEventListener("click", flip);
    for (const name of ["play", "pause", "ended"]) {
      video.addEventListener(name, () => {
        button.hidden = !video.paused;
        if (both) both.textContent = videos.some((one) => !one.paused) ? both.dataset.stop : both.dataset.go;
      });
    }
  }
  if (!both) return;
  both.hidden = false;
  both.addEventListener("click", () => {
    const playing = videos.some((one) => !one.paused);
    for (const video of videos) {
      if (playing) video.pause();
      else video.play().catch(() => null);
    }
  });
  for (const each of document.querySelectorAll("[data-by]")) {
    each.hidden = false;
    each.addEventListener("click", () => videos.forEach((one) => (one.currentTime = Math.max(0, one.currentTime + Number(each.dataset.by)))));
  }
}
