// In the lesson's form: a picture pasted or dropped onto the text is sent, gets its words, a row among the lesson's
// pictures and a line in the text. The row is stored with the lesson.

const body = document.querySelector("[data-markdown]");
const dialog = document.querySelector("[data-paste]");
const group = document.querySelector("#pictures-group");
const part = (name) => dialog.querySelector(`[data-${name}]`);
const alt = dialog.querySelector("input");
const queue = [];

if (body && group) {
  body.addEventListener("paste", (event) => {
    // A word processor gives a picture of the text along with the text: that is not meant.
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
  queue.push(...pictures);
  if (!dialog.open) next();
}

async function next() {
  while (queue.length) await one(queue.shift());
  body.focus();
}

/** Sends while the words are being written; resolves when the picture is in the text or was dropped. */
function one(file) {
  const stop = new AbortController();
  const address = URL.createObjectURL(file);
  const sent = send(file, stop.signal);
  alt.value = "";
  part("shown").src = address;
  part("put").disabled = false;
  part("lacks").hidden = true;
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
      part("lacks").hidden = Boolean(alt.value.trim());
      if (!part("lacks").hidden) return alt.focus();
      part("put").disabled = true;
      const answer = await sent;
      if (!answer || stop.signal.aborted) return; // the reason stands in the dialog
      place(answer, alt.value.trim(), address);
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

/** The server's answer, or null with the reason said. */
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
  part("said").textContent = text;
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

function place(answer, said, address) {
  const row = free();
  const taken = rows().map((other) => field(other, "name").value);
  let number = 1;
  while (taken.includes(`photo-${number}`)) number++;
  const name = `photo-${number}`;
  field(row, "alt").value = said;
  field(row, "name").value = name;
  const input = field(row, "photo_new");
  const key = Object.assign(document.createElement("input"), { type: "hidden", value: answer.key });
  key.name = input.name.replace(/_new$/, "");
  const shown = Object.assign(new Image(), { className: "thumb", alt: "", src: address });
  input.before(shown, key);
  const line = `![${said.replace(/[\\[\]]/g, "\\$&")}](picture:${name})`;
  body.dispatchEvent(new CustomEvent("put", { detail: line }));
}
