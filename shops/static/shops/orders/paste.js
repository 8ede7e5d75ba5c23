// What is pasted into the box is read at once; typing into it waits for the button.
export default function paste(box) {
  const field = box.querySelector("textarea");
  field.addEventListener("paste", () => setTimeout(() => field.value.trim() && box.querySelector("button").click()));
}
