// A province or city chosen before htmx was loaded is sent once it is there, once a page.
let looked = false;

export default function place(root) {
  if (looked) return;
  looked = true;
  const ask = () => {
    const box = document.getElementById(root.id)?.querySelector("[name=province]");
    if (box && box.value !== (box.querySelector("[selected]")?.value ?? "")) box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  if (window.htmx) ask();
  document.addEventListener("htmx:load", ask, { once: true });
}
