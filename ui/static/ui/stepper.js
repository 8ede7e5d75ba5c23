// The buttons one less and one more beside a number, which can be typed without them.
//   data-least, data-most: the limits (by default 1 and a million).
export default function stepper(box) {
  const field = box.querySelector("input");
  const least = Number(box.dataset.least ?? 1);
  const most = Number(box.dataset.most ?? 1000000);
  const read = () => (/^\d{1,7}$/.test(field.value.trim()) ? Number(field.value) : 0);
  for (const button of box.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = Math.min(most, Math.max(least, read() + Number(button.dataset.step)));
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    });
  }
}
