// Guesses the category from the typed name, by the words on the options; the same rule as
// shops/products/categories.py. Once somebody has chosen, the choice stays.
export default function kind(root) {
  const form = root.closest("form");
  const select = form.elements.category;
  const name = form.elements.name;
  let guessed = !select.value;

  function guess() {
    if (!guessed) return;
    let best = [0, -1];
    let found = "";
    for (const option of select.options) {
      for (const word of (option.dataset.hints ?? "").split(/\s+/).filter(Boolean)) {
        const at = name.value.lastIndexOf(word);
        if (at < 0 || word.length < best[0] || (word.length === best[0] && at <= best[1])) continue;
        best = [word.length, at];
        found = option.value;
      }
    }
    if (select.value !== found) {
      select.value = found;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  select.addEventListener("input", (event) => {
    if (event.isTrusted || select.value) guessed = !select.value;
  });
  name.addEventListener("input", guess);
  guess();
}
