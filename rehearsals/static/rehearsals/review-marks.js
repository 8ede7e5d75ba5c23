// The marks of a review: one tap for a whole part or for one line of it. Stored on this phone at once, on the server a
// moment later, which computes the total.
import parts, { levels, rest, single } from "./rubric_parts.js";

const WAIT = 400;

export default function marks(box) {
  const form = box.querySelector("form[data-marks]");
  const status = form.querySelector("[data-draft-status]");
  const storedAs = `marks:${box.dataset.user}:${box.dataset.review}${form.dataset.form ?? ""}`; // each form has marks of its own
  let timer;
  let running = Promise.resolve();

  parts(form);

  // --- one tap for all lines without a mark -----------------------------------------------------------------
  const others = form.querySelector("[data-rest]");
  function count() {
    const left = [...form.querySelectorAll("[data-part]")].filter((part) => levels(part).has(undefined)).length;
    others.hidden = !left;
    others.querySelector("[data-left]").textContent = left;
  }
  form.addEventListener("change", count);
  for (const button of others.querySelectorAll("button")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      rest(form, button.value);
      count();
      changed();
    });
  }

  for (const button of form.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = button.parentElement.querySelector("input");
      field.value = Math.min(Math.max((Number(field.value) || 0) + Number(button.dataset.step), 0), Number(field.max));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // --- stored here, then sent -------------------------------------------------------------------------------
  const body = () => {
    const found = new FormData(form);
    for (const name of ["csrfmiddlewaretoken", "played", "anyway"]) found.delete(name);
    return new URLSearchParams(found).toString();
  };
  const read = () => { try { return localStorage.getItem(storedAs); } catch { return null; } };
  const write = (text) => {
    try {
      if (text === null) localStorage.removeItem(storedAs);
      else localStorage.setItem(storedAs, text);
    } catch { /* full or forbidden */ }
  };

  function restore(text) {
    const found = new URLSearchParams(text);
    for (const each of form.elements) {
      if (each.type === "radio" || each.type === "checkbox") each.checked = found.getAll(each.name).includes(each.value);
      else if (each.name && found.has(each.name)) each.value = found.get(each.name);
    }
    for (const each of form.querySelectorAll("[data-line]:checked")) single(each.closest("[data-part]"), each);
    count();
    form.dispatchEvent(new Event("marks:restored"));
  }

  async function send() {
    const text = body();
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const answer = await fetch(form.action, { method: "POST", headers, body: text }).catch(() => null);
    const reply = await answer?.json().catch(() => null);
    if (!reply) return (status.textContent = form.dataset.keeping);
    if (!answer.ok) return (status.textContent = reply.problem ?? Object.values(reply.errors).flat().join(" "));
    if (read() === text) write(null);
    status.textContent = form.dataset.kept;
    show(reply);
  }

  function show(reply) {
    const total = box.querySelector("[data-total]");
    if (total) total.textContent = reply.total;
    const capped = box.querySelector("[data-capped]");
    if (capped) capped.hidden = !reply.capped;
    form.querySelector("[data-scored]").textContent = reply.scored;
    for (const { number, earned, points, marked } of reply.parts) {
      const sum = form.querySelector(`[data-part="${number}"] [data-earned]`);
      if (sum) sum.textContent = marked ? ` ${earned}/${points}` : "";
    }
  }

  function changed() {
    write(body());
    clearTimeout(timer);
    timer = setTimeout(() => (running = running.then(send)), WAIT);
  }

  form.addEventListener("input", changed);
  form.addEventListener("submit", () => clearTimeout(timer));
  window.addEventListener("online", () => read() !== null && changed());
  const left = read();
  if (left !== null && left !== body()) {
    restore(left);
    changed();
  } else write(null);
}
