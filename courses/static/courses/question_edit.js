// Writing a question: a preview that follows the typing, and forbidden phrases marked in the script itself.
const PAUSE = 600;
const look = document.querySelector("[data-look]");
const form = look?.closest("form");

// The server renders the typed form as the learner will see it; nothing is stored. Files are not sent.
async function show() {
  const typed = new FormData(form);
  for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
  typed.set("question", look.dataset.question);
  try {
    const answer = await fetch(look.dataset.look, { method: "POST", body: typed });
    if (!answer.ok) return;
    look.querySelector("iframe").srcdoc = await answer.text();
    look.hidden = false;
  } catch { /* no connection: the last preview stays */ }
}

if (look) {
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });
  // A new, unchanged form has nothing to preview.
  if (look.dataset.question || form.elements.text.value.trim()) show();
}

const script = document.querySelector("[data-script]");
const mark = document.querySelector("[data-mark]");
if (script && mark) {
  const status = mark.querySelector("[role=status]");
  mark.hidden = false;
  script.closest(".form-row").after(mark);
  mark.querySelector("button").addEventListener("click", () => {
    const text = script.value.slice(script.selectionStart, script.selectionEnd).trim();
    const rows = [...form.querySelectorAll("input[name^=text_]")];
    const row = rows.find((one) => !one.value);
    status.textContent = !text ? mark.dataset.none : !row ? mark.dataset.full : "";
    if (!text || !row) return;
    row.value = text;
    const folded = row.closest("details");
    if (folded) folded.open = true;
    row.dispatchEvent(new Event("input", { bubbles: true }));
    form.querySelector(`[name=why_${row.name.split("_")[1]}]`).focus();
  });
}
