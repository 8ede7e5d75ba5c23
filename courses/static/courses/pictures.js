// In the lesson's form: a picture that is picked, pasted or dropped onto the text, or chosen in its own row, is
// uploaded, gets a description, a row among the lesson's pictures and a line in the text at the cursor. The row is stored
// with the lesson; until then its hidden key refers to the photo, also when the form is shown again with errors.

const body = document.querySelector("[data-markdown]");
const dialog = document.querySelector("[data-paste]");
const group = document.querySelector("#pictures-group");
const part = (name) => dialog.querySelector(`[data-${name}]`);
const alt = dialog.querySelector("input");
const pick = document.querySelector("[data-pick]");
const queue = [];

if (body && group) {
  pick.addEventListener("change", () => {
    add([...pick.files].map((file) => ({ file })));
    pick.value = "";
  });
  for (const row of rows()) equip(row);
  document.addEventListener("formset:added", (event) => equip(event.target));
  // From kept_text.js: {name of the field: key of its photo}, as they were before the page was left.
  body.addEventListener("photos", (event) => Object.entries(event.detail).forEach(bringBack));
  body.addEventListener("paste", (event) => {
    // A word processor adds a picture of the text to the pasted text: ignore that picture.
    if (event.clipboardData.getData("text/plain").trim()) return;
    take(event, event.clipboardData.files);
  });
  body.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  body.addEventListener("drop", (event) => take(event, event.dataTransfer.files));
}

function take(event, files) {
  const pictures = [...files].filter((file) => file.type.startsWith("image/"));
  if (!pictures.length) return;
  event.preventDefault();
  add(pictures.map((file) => ({ file })));
}

function add(found) {
  queue.push(...found);
  if (!dialog.open) next();
}

async function next() {
  while (queue.length) await one(queue.shift());
  body.focus();
}

/** A row's own file goes the same way, and its picture can be put into the text again. */
function equip(row) {
  const file = field(row, "photo_new");
  file.addEventListener("change", () => {
    const isNew = !field(row, "photo");
    if (isNew && file.files.length) add([{ file: file.files[0], row }]);
  });
  const place = row.querySelector(".field-snippet .readonly");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button" });
  button.textContent = dialog.dataset.put;
  place.replaceChildren(button);
  button.addEventListener("click", () => (field(row, "photo") ? write(row) : file.click()));
}

/** Sends while the words are being written; resolves when the picture is in the text or was dropped. */
function one({ file, row }) {
  const stop = new AbortController();
  const address = URL.createObjectURL(file);
  const sent = send(file, stop.signal);
  alt.value = row ? field(row, "alt").value : "";
  part("shown").src = address;
  part("put").disabled = false;
  part("alt-missing").hidden = true;
  dialog.showModal();
  alt.focus();
  return new Promise((resolve) => {
    const done = () => {
      stop.abort();
      dialog.onclose = null;
      if (dialog.open) dialog.close();
      resolve();
    };
    const put = async () => {
      part("alt-missing").hidden = Boolean(alt.value.trim());
      if (!part("alt-missing").hidden) return alt.focus();
      part("put").disabled = true;
      const answer = await sent;
      if (!answer || stop.signal.aborted) return; // the reason is shown in the dialog
      place(row ?? free(), answer, alt.value.trim(), address);
      done();
    };
    part("put").onclick = put;
    alt.onkeydown = (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      put();
    };
    part("drop").onclick = dialog.onclose = () => {
      URL.revokeObjectURL(address);
      done();
    };
  });
}

/** The server's answer, or null with the reason shown. */
async function send(file, signal) {
  say("");
  try {
    const [{ shrink }, media] = await Promise.all([import(dialog.dataset.shrink), import(dialog.dataset.send)]);
    const blob = await shrink(file).catch(() => file);
    const tell = (how, percent) => say(how === "sending" ? words("sending", percent) : words("waiting"));
    const token = body.form.elements.csrfmiddlewaretoken.value;
    const name = file.name || "pasted.png";
    const answer = await media.send({ url: dialog.dataset.paste, token, blob, name, tell, wake() {}, signal });
    say("");
    return answer;
  } catch (refusal) {
    if (!signal.aborted) say(refusal.message || words("refused"));
    return null;
  }
}

function say(text) {
  part("message").textContent = text;
}

function words(name, percent = "") {
  return dialog.dataset[name].replace("{percent}", percent);
}

function rows() {
  return [...group.querySelectorAll(".inline-related:not(.empty-form)")];
}

function field(row, name) {
  return row.querySelector(`[name$="-${name}"]`);
}

/** A row that nothing was put into yet, else a new one. */
function free() {
  const isFree = (row) => !field(row, "photo") && !field(row, "photo_new").value && !field(row, "alt").value;
  if (!rows().some(isFree)) group.querySelector(".add-row a").click();
  return rows().find(isFree);
}

function place(row, answer, alt, address) {
  field(row, "alt").value = alt;
  const input = field(row, "photo_new");
  input.value = "";
  show(row, answer.key, address);
  write(row);
}

/** The photo's key, which the form sends, and its picture. */
function show(row, value, address) {
  const input = field(row, "photo_new");
  const key = Object.assign(document.createElement("input"), { type: "hidden", value });
  key.name = input.name.replace(/_new$/, "");
  input.before(Object.assign(new Image(), { className: "thumb", alt: "", src: address }), key);
}

/** A photo that was sent before and is in no row now; a key that the server does not know comes back as an error. */
async function bringBack([name, key]) {
  const input = () => group.querySelector(`[name="${CSS.escape(name)}_new"]`);
  for (let missing = 50; !input() && missing; missing--) group.querySelector(".add-row a").click();
  const row = input()?.closest(".inline-related");
  if (!row || field(row, "photo")) return;
  show(row, key, "");
  const answer = await fetch(dialog.dataset.status.replace("KEY", key)).catch(() => null);
  if (answer?.ok) row.querySelector(".thumb").src = (await answer.json()).src;
}

/** The row's line, with its words; a row without a name gets one that is free. */
function write(row) {
  const name = field(row, "name");
  const taken = rows().map((other) => field(other, "name").value);
  let number = 1;
  while (taken.includes(`photo-${number}`)) number++;
  name.value ||= `photo-${number}`;
  const alt = field(row, "alt").value.replace(/[\\[\]]/g, "\\$&");
  body.dispatchEvent(new CustomEvent("put", { detail: `![${alt}](picture:${name.value})` }));
}
