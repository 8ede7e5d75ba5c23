// “存到手机” on a lesson: shows its size, stores it with the video in the chosen quality, says when there is a
// newer version. kept_lessons.js says what is stored and how.
export default async function keep(box) {
  const { user, lesson, outbox: outboxUrl, keeping: keepingUrl, ...words } = box.dataset;
  // Of several voices the one that this person hears is stored.
  const url = () => {
    try { return `${words.url}?voice=${encodeURIComponent(localStorage.getItem(`voice:${user}`) ?? "")}`; } catch { return words.url; }
  };
  const [outbox, keeping] = await Promise.all([import(outboxUrl), import(keepingUrl)]);
  if (!keeping.isPossible()) return;
  const part = (name, root = box) => root.querySelector(`[data-${name}]`);
  const say = (word, facts = {}) => word.replace(/\{(\w+)\}/g, (_all, name) => facts[name] ?? "");
  const mb = (bytes) => (Math.max(bytes, 1e5) / 1e6).toFixed(1);
  const size = (bytes) => say(words.mb, { n: mb(bytes) });
  const form = part("offer").querySelector("form");
  let row = await keeping.record(outbox, user, lesson);
  let offer, stop;

  function show(state) {
    for (const name of ["offer", "busy", "have"]) part(name).hidden = name !== state;
    if (state === "have") part("size").textContent = size(row.bytes);
  }

  function tell(text) {
    part("message").hidden = !text;
    part("message").textContent = text;
  }

  const rendition = () => form.elements.rendition?.value ?? "";
  const base = () => keeping.sum(keeping.choose(offer.files, rendition()));
  const video = () => keeping.sum(offer.rungs.filter((one) => one.rung === rendition()));
  const whole = () => base() + video();
  // The sum of the rounded parts, so that the shown numbers add up.
  const rounded = () => [base(), video()].reduce((all, bytes) => all + (bytes && Math.round(Math.max(bytes, 1e5) / 1e5) * 1e5), 0);

  // Requested only when opened: a lesson that is only read needs no extra request.
  async function ask() {
    if (offer) return;
    window.dispatchEvent(new Event("farm:keep"));
    offer = await keeping.parts(url()).catch((error) => tell(error.cause === "login" ? words.login : words.failed));
    part("sizing").hidden = Boolean(offer);
    if (!offer) return;
    tell("");
    part("renditions").hidden = !offer.rungs.length;
    if (offer.rungs.length) for (const one of [...offer.rungs, { rung: "", bytes: 0 }]) choice(one);
    part("base").textContent = size(base());
    for (const name of ["sum", "save"]) part(name).hidden = false;
    total();
  }

  function choice({ rung: name, bytes }) {
    const label = part("rendition").content.firstElementChild.cloneNode(true);
    const input = label.querySelector("input");
    const word = part("names").content.querySelector(`[data-rendition="${name}"]`).textContent;
    input.value = name;
    input.checked = name === (row?.rung ?? (offer.rungs.some((one) => one.rung === "240") ? "240" : offer.rungs[0].rung));
    label.querySelector("span").textContent = bytes ? `${word} ${size(bytes)}` : word;
    part("renditions").querySelector(".options").append(label);
  }

  async function total() {
    part("total").textContent = size(rounded());
    const { quota, usage } = await keeping.room();
    const full = quota && quota - usage < whole();
    part("save").disabled = Boolean(full);
    tell(full ? words.full : "");
  }

  async function save() {
    await ask();
    if (!offer) return show(row ? "have" : "offer");
    show("busy");
    tell("");
    stop = new AbortController();
    const bar = part("busy").querySelector("progress");
    const report = (got) => {
      bar.value = Math.min(1, got / whole());
      part("progress").textContent = say(words.saving, { got: mb(got), all: mb(whole()) });
    };
    report(0);
    try {
      const { token } = await (await fetch("/sync/", { cache: "no-store" })).json();
      row = await keeping.save(outbox, user, offer, rendition(), { report, signal: stop.signal, token });
      part("newer").hidden = true;
      show("have");
      tell(words.saved);
    } catch (error) {
      show(row ? "have" : "offer");
      tell(stop.signal.aborted ? "" : error.cause === "login" ? words.login : error.name === "QuotaExceededError" ? words.full : words.failed);
    }
  }

  async function check() {
    const newest = await keeping.parts(url()).catch(() => null);
    if (newest) part("newer").hidden = newest.version === row.version;
  }

  part("offer").addEventListener("toggle", () => part("offer").open && ask());
  form.addEventListener("change", () => (offer && (part("base").textContent = size(base())), total()));
  form.addEventListener("submit", (event) => (event.preventDefault(), save()));
  part("stop").addEventListener("click", () => stop?.abort());
  part("renew").addEventListener("click", () => ((offer = undefined), part("renditions").querySelector(".options").replaceChildren(), save()));
  part("drop").addEventListener("click", async () => {
    await keeping.drop(outbox, user, row);
    row = undefined;
    show("offer");
    tell(words.gone);
  });
  show(row ? "have" : "offer");
  box.hidden = false;
  if (row && navigator.onLine) check();
}
