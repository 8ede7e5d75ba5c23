// In the lesson's form: one tap puts a picture's line into the text, where the cursor was.

const body = document.querySelector("[data-markdown]");

for (const code of document.querySelectorAll("[data-snippet]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "snippet";
  button.append(...code.childNodes);
  code.replaceChildren(button);
  button.addEventListener("click", () => put(button.textContent));
}

// What pasting.js has to put there.
body?.addEventListener("put", (event) => put(event.detail));

/** On a line of its own at the cursor; undo takes it out again. */
function put(line) {
  if (!body) return;
  const before = body.value.slice(0, body.selectionStart);
  const after = body.value.slice(body.selectionEnd);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = !after || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  body.focus();
  body.setRangeText(lead + line + tail, body.selectionStart, body.selectionEnd, "end");
  body.dispatchEvent(new Event("input", { bubbles: true }));
}
