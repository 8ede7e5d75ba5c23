// A pasted address is read at once; a typed one waits for the button.
export default function paste(box) {
  const field = box.querySelector("textarea");
  field.addEventListener("paste", () => setTimeout(() => field.value.trim() && box.querySelector("button").click()));
}
