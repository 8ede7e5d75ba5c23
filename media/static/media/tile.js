// One photo of a form: its picture, the text below it, and the share that is uploaded.
export const part = (shot, name) => shot.querySelector(`[data-${name}]`);
export const button = (shot, act) => shot.querySelector(`[data-act=${act}]`);
export const picture = (shot) => part(shot, "picture").querySelector("img");

// data-shot: new, sending, refused, or the server's status: waiting, ready, failed.
export function state(shot, name, text = "", percent = null) {
  shot.dataset.shot = name;
  const line = part(shot, "state");
  line.textContent = text;
  line.className = ["refused", "failed"].includes(name) ? "error" : "soft";
  const bar = shot.querySelector("progress");
  bar.hidden = percent === null;
  bar.value = percent ?? 0;
}

// Replaces the placeholder, which returns if the browser cannot show the photo (HEIC).
export function show(shot, src) {
  const img = document.createElement("img");
  const stand = part(shot, "picture").firstElementChild;
  img.className = "pic";
  img.width = img.height = 320;
  img.alt = "";
  img.src = src;
  img.onload = () => stand?.remove();
  img.onerror = () => img.remove();
  part(shot, "picture").append(img);
  if (stand) stand.toggleAttribute("hidden", false);
}

// Without scripts a received document has a ticked box; with scripts a button removes it.
export function untick(shot) {
  const plain = part(shot, "plain");
  if (!plain) return;
  const { name, value } = plain.querySelector("input");
  plain.replaceWith(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  button(shot, "drop").hidden = false;
}
