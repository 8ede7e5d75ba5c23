// A province has one price: ticking it under another price removes it from the first; folded lists show what they contain.
export default function freight(root) {
  const slots = [...root.querySelectorAll("[data-slot]")];
  const boxes = (slot) => [...slot.querySelectorAll('input[type="checkbox"]')];

  function tell(slot) {
    const nameLine = slot.querySelector("[data-names]");
    const names = boxes(slot).filter((box) => box.checked).map((box) => box.nextElementSibling.textContent);
    nameLine.textContent = names.join(root.dataset.joint) || "—";
  }

  root.addEventListener("change", (event) => {
    const here = event.target.closest("[data-slot]");
    if (!here) return;
    for (const slot of slots) {
      for (const box of boxes(slot)) {
        if (slot !== here && event.target.checked && box.value === event.target.value) box.checked = false;
      }
      tell(slot);
    }
  });
}
