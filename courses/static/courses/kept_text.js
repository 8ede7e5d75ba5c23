// In the lesson's form: the text stays on this device for this person until the server has stored it, with the
// photos that were sent. It is restored into the same form if the stored lesson has not changed since.
//   data-kept="new-3" (which form), data-user
//   data-stores='{"3": 17}' (for a new lesson: a higher number after each that this person added to the unit)

const box = document.querySelector("[data-kept]");
const form = document.querySelector("#lesson_form");
const body = form?.querySelector("[data-markdown]");

if (box && body) {
  const draft = await import(box.dataset.draftModule);
  // Rows for pictures can be added once Django's own script is ready.
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done));
  keep(draft);
}

function keep({ entries, keyOf, read, restore, store, write }) {
  const { kept, stores, user } = box.dataset;
  const storage = store(user);
  const key = keyOf(user, `lesson-${kept}`);
  const start = JSON.stringify(entries(form, true));
  const hasErrors = form.querySelector(".errornote, .errorlist") !== null;
  let draft = read(storage, key);
  if (draft?.sent && !hasErrors && wasStored()) draft = null;
  if (!draft) storage.removeItem(key);
  const origin = hasErrors && draft ? draft.start : start;
  if (draft && !hasErrors && draft.start === start && JSON.stringify(draft.now) !== start) {
    body.dispatchEvent(new CustomEvent("photos", { detail: draft.photos }));
    restore(form, draft.now);
    box.hidden = false;
  }

  // If the stored lesson is unchanged, the text was not saved. For a new lesson, the unit has one more lesson once it is saved.
  function wasStored() {
    if (!kept.startsWith("new-")) return draft.start !== start;
    const [unit] = draft.now.module ?? [];
    return (JSON.parse(stores)[unit] ?? 0) > (JSON.parse(draft.stores)[unit] ?? 0);
  }

  const photos = () =>
    Object.fromEntries(
      [...form.querySelectorAll('input[type=hidden][name^="pictures-"][name$="-photo"]')].map((one) => [one.name, one.value]),
    );
  let changed = hasErrors;
  const save = (sent = false) =>
    write(storage, key, { at: Date.now(), start: origin, now: entries(form), photos: photos(), sent, stores });
  let timer;
  const later = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  };
  if (hasErrors) save();
  for (const kind of ["input", "change", "photos"]) form.addEventListener(kind, later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    save(true);
    changed = false;
  });
  window.addEventListener("pagehide", () => {
    clearTimeout(timer);
    if (changed) save();
  });
  box.querySelector("[data-drop]").addEventListener("click", () => {
    clearTimeout(timer);
    changed = false;
    storage.removeItem(key);
    location.reload();
  });
}
