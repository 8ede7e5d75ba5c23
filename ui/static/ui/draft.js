// What was typed into a long form stays on this phone for this person, until the server reports that it is stored.
//   <form data-draft="product" data-user="7">     stores and restores
//   <p data-draft-done="product" data-user="7">   a success message: deletes
const DAYS = 14;

// Without an account the phone may be shared: then the text is stored only for this tab.
export const store = (user) => (user ? localStorage : sessionStorage);
export const keyOf = (user, name) => `draft:${user}:${name}`;

function kept(element) {
  // Confirmations that must be given each time are not restored either.
  return element.name && !element.disabled && !("draftNot" in element.dataset) && !["hidden", "password", "file", "submit", "button"].includes(element.type);
}

export function entries(form, start = false) {
  const found = {};
  for (const element of [...form.elements].filter(kept)) {
    const box = element.type === "checkbox" || element.type === "radio";
    if (box && !(start ? element.defaultChecked : element.checked)) continue;
    const values = element.options ? chosen(element, start) : [start && !box ? element.defaultValue : element.value];
    found[element.name] = [...(found[element.name] ?? []), ...values];
  }
  return found;
}

function chosen(select, start) {
  const options = [...select.options].filter((o) => (start ? o.defaultSelected : o.selected));
  if (!options.length && !select.multiple && select.options.length) options.push(select.options[0]);
  return options.map((o) => o.value);
}

export function restore(form, saved) {
  for (const element of [...form.elements].filter(kept)) {
    const values = saved[element.name] ?? [];
    if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
    else if (element.options) choose(form, element, values);
    else element.value = values.shift() ?? "";
    element.dispatchEvent(new Event("input", { bubbles: true }));
    if (element.options) element.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function choose(form, select, values) {
  for (const o of select.options) o.selected = values.includes(o.value);
  if (select.multiple || values.every((value) => select.value === value)) return;
  // The options come only when the list above is answered (the cities of a province): then it is chosen, unless it was by hand.
  const fill = () => {
    const now = form.elements.namedItem(select.name);
    if (now && !now.value) now.value = values[0];
    if (!now?.value) return;
    form.removeEventListener("htmx:afterSettle", fill);
    if (now.value === values[0]) now.dispatchEvent(new Event("change", { bubbles: true }));
  };
  form.addEventListener("htmx:afterSettle", fill);
}

export function read(storage, key) {
  try {
    const draft = JSON.parse(storage.getItem(key));
    if (draft && Date.now() - draft.at < DAYS * 86400000) return draft;
    storage.removeItem(key);
  } catch { /* private browsing or a broken entry: there is no draft */ }
  return null;
}

export function write(storage, key, draft) {
  try { storage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden: typing goes on without */ }
}

export default function keepDraft(element) {
  const { draft: name, draftDone: done, user = "" } = element.dataset;
  const storage = store(user);
  if (done) {
    sessionStorage.removeItem(keyOf("", done));
    return storage.removeItem(keyOf(user, done));
  }

  const form = element;
  const key = keyOf(user, name);
  const start = JSON.stringify(entries(form, true));
  const note = form.querySelector("[data-draft-note]");
  // A form that was sent keeps the key by which the server knows it: if the answer was lost on the way and it is
  // sent again from a page opened anew, it counts once.
  const field = form.elements.namedItem("key");
  const fresh = field?.value;
  let sent;
  // The success message may be bound after this form: two imports finish in any order.
  if (document.querySelector(`[data-draft-done="${CSS.escape(name)}"]`)) storage.removeItem(key);
  const draft = read(storage, key);
  // A form that came back with errors holds the newest words itself; one whose row has changed since
  // was begun from another state, and old words must not overwrite it.
  const cameBack = form.querySelector("[aria-invalid=true]");
  if (draft && !cameBack && draft.start === start && JSON.stringify(draft.now) !== start) {
    restore(form, JSON.parse(JSON.stringify(draft.now)));
    if (field && draft.sent) field.value = sent = draft.sent;
    if (note) note.hidden = false;
  }
  const origin = cameBack && draft ? draft.start : start;
  // A form that htmx has replaced was sent: its timer and listeners must not restore the text.
  const save = () => form.isConnected && write(storage, key, { at: Date.now(), start: origin, now: entries(form), sent });
  const changed = () => JSON.stringify(entries(form)) !== start;
  if (cameBack) save();
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  });
  form.addEventListener("submit", () => {
    sent = field?.value;
    save();
  });
  window.addEventListener("pagehide", () => changed() && save());
  form.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
    restore(form, JSON.parse(start));
    if (field) field.value = fresh;
    sent = undefined;
    clearTimeout(timer);
    storage.removeItem(key);
    note.hidden = true;
  });
}
