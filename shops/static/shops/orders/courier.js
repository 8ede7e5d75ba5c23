// Asks for the courier's name only if none of the list is chosen.
export default function courier(root) {
  const { courier: select, other } = root.closest("form").elements;
  if (!select || !other) return;
  const field = other.closest(".field");
  const show = () => (field.hidden = select.value !== root.dataset.other);
  select.addEventListener("change", show);
  // After a draft was filled in, and where the browser itself fills in what was chosen before a reload.
  root.closest("form").addEventListener("input", show);
  window.addEventListener("pageshow", show);
  show();
}
