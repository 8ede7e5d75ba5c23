// The sheet in which a note of a review is written: a part of the page that slides up over it.

// An id made on this phone; also without TLS, where the browser has no crypto.randomUUID.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  [bytes[6], bytes[8]] = [(bytes[6] & 15) | 64, (bytes[8] & 63) | 128];
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export function asSheet(section, title) {
  const sheet = document.createElement("dialog");
  sheet.className = "sheet";
  section.before(sheet);
  sheet.append(section);
  title.id = "note_title";
  sheet.setAttribute("aria-labelledby", title.id);
  return sheet;
}

// Replaces the element by the server's HTML; marks on the line are read as a drawing.
export function redraw(where, html) {
  const range = document.createRange();
  range.selectNodeContents(where);
  where.replaceChildren(range.createContextualFragment(html));
}
