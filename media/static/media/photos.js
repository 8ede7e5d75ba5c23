// Photos of a form: each is shrunk, uploaded separately and leaves its key in the form. See media/photos/forms.py and media/documents/forms.py.
const POLL = [1000, 1500, 2000, 3000, 5000];

export default async function photos(box) {
  const urls = [box.dataset.shrink, box.dataset.send, box.dataset.tile];
  const [{ shrink }, { send }, { button, part, picture, show, state, untick }] = await Promise.all(urls.map((url) => import(url)));
  const words = JSON.parse(box.dataset.words);
  const most = Number(box.dataset.most);
  const form = box.closest("form");
  const list = box.querySelector("[data-shots]");
  const more = list.querySelector("[data-more]");
  const input = more.querySelector("input[type=file]");
  const stops = new WeakMap(); // tile → function that stops its upload
  let queue = Promise.resolve();
  let held; // a submit that waits for the last photo

  const say = (word, facts = {}) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
  const tell = (text) => (box.querySelector("[data-message]").textContent = text);
  const shots = () => [...list.querySelectorAll("[data-shot]")];
  const pending = () => shots().some((shot) => ["new", "sending"].includes(shot.dataset.shot));
  const broken = () => shots().find((shot) => ["refused", "failed"].includes(shot.dataset.shot));

  function arrange() {
    shots().forEach((shot, index) => {
      part(shot, "cover")?.toggleAttribute("hidden", index > 0);
      picture(shot)?.setAttribute("alt", say(words.photo, { place: index + 1 }));
      for (const act of ["up", "down"]) button(shot, act)?.toggleAttribute("hidden", shots().length === 1);
    });
    more.hidden = shots().length >= most;
  }

  function bind(shot) {
    for (const each of shot.querySelectorAll("[data-act]")) each.type = "button";
    untick(shot);
    if (shot.dataset.shot === "waiting") poll(shot);
  }

  function add(file) {
    const shot = box.querySelector("[data-shot-new]").content.firstElementChild.cloneNode(true);
    more.before(shot);
    bind(shot);
    arrange();
    start(shot, file);
  }

  function start(shot, file) {
    const stop = new AbortController();
    stops.set(shot, stop);
    state(shot, "new", words.waiting);
    queue = queue.then(() => stop.signal.aborted || take(shot, file, stop.signal)).finally(settled);
  }

  async function take(shot, file, signal) {
    const blob = await shrink(file).catch(() => file);
    if (!picture(shot)) show(shot, URL.createObjectURL(blob));
    arrange();
    const again = button(shot, "again");
    const how = (word, percent = null) => state(shot, "sending", say(words[word], { percent }), percent);
    const wake = (go) => ((again.hidden = !go), (again.onclick = go));
    try {
      const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await send({ url: box.dataset.upload, token, blob, name: file.name, tell: how, wake, signal });
      arrived(shot, answer);
    } catch (refusal) {
      if (signal.aborted) return;
      state(shot, "refused", refusal.message ?? (refusal.status === 403 ? words.stale : words.refused));
      if ([401, 403, 429].includes(refusal.status)) wake(() => (wake(null), start(shot, file)));
    }
  }

  function arrived(shot, answer) {
    if (shots().some((other) => other !== shot && other.dataset.key === answer.key)) return remove(shot, words.twice);
    shot.dataset.key = answer.key;
    Object.assign(shot.querySelector("input[type=hidden]"), { value: answer.key, disabled: false });
    become(shot, answer);
    if (answer.status === "waiting") poll(shot);
  }

  function become(shot, { status, src, problem }) {
    state(shot, status, status === "waiting" ? words.working : problem);
    if (src && !picture(shot)) show(shot, src);
    arrange();
  }

  async function poll(shot, round = 0) {
    await new Promise((resolve) => setTimeout(resolve, POLL[Math.min(round, POLL.length - 1)]));
    if (!shot.isConnected || shot.dataset.shot !== "waiting") return;
    const answer = await fetch(`${box.dataset.upload}${shot.dataset.key}/`).catch(() => null);
    if (answer?.ok) become(shot, await answer.json());
    if (shot.dataset.shot === "waiting" && (!answer || answer.ok || answer.status >= 500)) poll(shot, round + 1);
  }

  function settled() {
    if (pending() || !held) return;
    const { submitter } = held;
    held = null;
    if (broken()) stuck();
    else if (submitter?.isConnected) submitter.click();
    else form.requestSubmit();
  }

  function stuck() {
    tell(words.stuck);
    const first = button(broken(), "drop");
    first.focus();
    first.scrollIntoView({ block: "center" });
  }

  function remove(shot, why) {
    stops.get(shot)?.abort();
    const next = shot.contains(document.activeElement) && shot.nextElementSibling.querySelector("button, input");
    shot.remove();
    tell(why);
    arrange();
    if (next) next.focus();
    settled();
  }

  function choose() {
    const chosen = [...input.files];
    const fit = chosen.slice(0, most - shots().length);
    input.value = ""; // sent one by one, not once more with the form
    tell(fit.length < chosen.length ? say(words.many, { most }) : "");
    fit.forEach(add);
  }

  list.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    const shot = event.target.closest("[data-shot]");
    if (act === "drop") return remove(shot, words.dropped);
    const other = act === "up" ? shot.previousElementSibling : act === "down" ? shot.nextElementSibling : null;
    if (!other?.matches("[data-shot]")) return;
    if (act === "up") other.before(shot);
    else other.after(shot);
    button(shot, act).focus();
    arrange();
    tell(say(words.moved, { place: shots().indexOf(shot) + 1 }));
  });
  input.addEventListener("change", choose);
  form.addEventListener("submit", (event) => {
    if (!pending() && !broken()) return;
    event.preventDefault();
    if (!pending()) return stuck();
    held = { submitter: event.submitter };
    tell(words.hold);
  });
  shots().forEach(bind);
  arrange();
  if (input.files.length) choose(); // before this script was loaded
}
