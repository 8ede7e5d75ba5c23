// Notes on what was handed in: a tap on a photo fills in its spot, a button below a film its second. Without this both are
// chosen in the form. A recording that has arrived is in the form already (review-voice.js).
import { clock } from "./review-film.js";

// Where on the picture, in thousandths of its width and height.
export function measure({ left, top, width, height }, x, y) {
  const share = (from, length, at) => Math.min(Math.max(Math.round(((at - from) / length) * 1000), 0), 1000);
  return [share(left, width, x), share(top, height, y)];
}

export default function notes(box) {
  const form = box.closest("form");
  const field = (name) => form.elements.namedItem(`note-${name}`);
  form.addEventListener("voice:sent", ({ detail }) => detail.end(true));

  function begin(item) {
    if (field("item")) field("item").value = item;
    const text = field("text");
    text.closest("details").open = true;
    // What was folded can take the focus once it has been drawn.
    requestAnimationFrame(() => {
      text.scrollIntoView({ block: "center" });
      text.focus({ preventScroll: true });
    });
  }

  // The place that was tapped stands in the list of places.
  function choose(select, value) {
    select.querySelector("[data-tapped]")?.remove();
    const option = new Option(box.dataset.there, value, true, true);
    option.dataset.tapped = "";
    select.append(option);
    select.value = value;
  }

  function tap(photo, event) {
    const picture = photo.querySelector("img");
    if (!picture) return;
    choose(field("spot"), measure(picture.getBoundingClientRect(), event.clientX, event.clientY).join());
    begin(photo.dataset.spot);
  }

  const filmOf = (item) => box.querySelector(`[data-film="${item}"] video`);

  for (const film of box.querySelectorAll("[data-film]")) {
    const [video, button] = [film.querySelector("video"), film.querySelector("[data-second]")];
    if (!video || !button) continue;
    button.hidden = false;
    for (const name of ["timeupdate", "seeked"]) video.addEventListener(name, () => (button.querySelector("[data-clock]").textContent = clock(video.currentTime * 1000)));
    button.addEventListener("click", () => {
      video.pause();
      field("at").value = clock(video.currentTime * 1000);
      begin(film.dataset.film);
    });
  }

  box.addEventListener("click", (event) => {
    const photo = event.target.closest("[data-spot]");
    if (photo) return tap(photo, event);
    const link = event.target.closest("[data-to]");
    const video = link && filmOf(link.dataset.of);
    if (!video) return;
    video.currentTime = Number(link.dataset.to) / 1000;
    video.play().catch(() => null);
    video.scrollIntoView({ block: "center" });
  });
}
