// Names select2's boxes by their labels: select2 draws its own boxes over the selects
// and tells a screen reader only the chosen values.

// jQuery calls handlers in the order of registration, and Django's own script has registered first.
window.django?.jQuery(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim();
    const box = select.nextElementSibling;
    if (!label || !box?.classList.contains("select2")) continue;
    for (const part of box.querySelectorAll(".select2-selection, [role=textbox], .select2-search__field")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", [label, chosen(select)].filter(Boolean).join(" "));
    }
    select.addEventListener("change", () => {
      box.querySelector(".select2-selection").setAttribute("aria-label", [label, chosen(select)].filter(Boolean).join(" "));
    });
  }
});

// The search box of a single choice is created again whenever its list opens.
document.addEventListener("focusin", (event) => {
  if (!event.target.matches(".select2-search__field")) return;
  const open = document.querySelector(".select2-container--open .select2-selection");
  if (open?.ariaLabel) event.target.ariaLabel = open.ariaLabel;
});

function chosen(select) {
  return [...select.selectedOptions].map((option) => option.textContent.trim()).join(" ");
}
