// After a reload during an upload only the person can choose the file again: the page names the file,
// and how much of it was uploaded. Reads it from the bar that tus.js moves; see media/admin_forms.py.
const place = `film:${location.pathname}`;

function noted(...facts) {
  try {
    if (!facts.length) return JSON.parse(localStorage.getItem(place));
    localStorage.setItem(place, JSON.stringify(facts[0]));
  } catch { /* nothing can be kept here */ }
  return null;
}

const mb = (bytes) => (bytes / 1e6).toFixed(1);

for (const box of document.querySelectorAll("[data-tus]")) {
  const [input, bar, cancel, message] = ["film", "bar", "cancel", "message"].map((name) => box.querySelector(`[data-${name}]`));
  const before = noted();
  const { resume } = JSON.parse(box.dataset.words);
  let file = "";
  if (before && !input.files.length) message.textContent = resume.replace(/\{(\w+)\}/g, (_all, name) => before[name]);
  input.addEventListener("change", () => (file = input.files[0]?.name ?? ""));
  cancel.addEventListener("click", () => noted(null));
  new MutationObserver(() => {
    if (bar.value >= bar.max) noted(null);
    else if (file && !bar.hidden) noted({ file, sent: mb(bar.value), total: mb(bar.max) });
  }).observe(bar, { attributeFilter: ["value"] });
}
