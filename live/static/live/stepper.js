// One less, one more: the buttons beside a number, which is there to be typed into without them.
const MOST = 1000000;

export default function stepper(box) {
  const field = box.querySelector("input");
  const buttons = [...box.querySelectorAll("[data-step]")];
  const read = () => (/^\d{1,7}$/.test(field.value.trim()) ? Number(field.value) : 0);
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = Math.min(MOST, Math.max(1, read() + Number(button.dataset.step)));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
