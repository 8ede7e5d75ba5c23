// Pages outside the studio: uploads what is still on this phone, and shows the progress.
const LONG = 3 * 86_400_000; // ms

export async function waiting(line) {
  const { user: raw, outbox: url, begin, ticket, left: some, sent, ...words } = line.dataset;
  const [parts, outbox] = await Promise.all([import(line.dataset.module.split("#")[0]), import(url)]);
  const { store } = parts;
  const user = Number(raw);
  if (!window.indexedDB) return;
  const nobody = "00000000-0000-4000-8000-000000000000";
  const facts = parts.facts({ user, store, outbox });
  const sender = parts.sender({ user, store, outbox, facts, tus: parts.tus, begin, ticket: ({ key }) => ticket.replace(nobody, key), onState: show });

  async function show({ problem, sentence } = {}) {
    const takes = await store.takesOf(user);
    const [bytes, isLeft] = [store.waitingBytes(takes), store.isWaiting(takes)];
    const refusal = sentence ?? takes.find((row) => row.refused && !row.whole)?.refused;
    const text = !isLeft ? sent : refusal ? words.refused.replace("{why}", refusal) : (words[problem === "busy" ? "offline" : problem] ?? some).replace("{left}", (bytes / 1e6).toFixed(1));
    if (!isLeft && line.hidden) return;
    line.hidden = false;
    line.querySelector("[data-text]").textContent = text;
    if (!isLeft) window.dispatchEvent(new CustomEvent("studio:sent"));
  }

  const takes = await store.takesOf(user).catch(() => []);
  // Deletes local copies of rehearsals not submitted for days; the server keeps what it has.
  for (const row of takes) if (row.whole && Date.now() - Date.parse(row.begun) > LONG) await store.release(row.key);
  if (!store.isWaiting(takes)) return;
  await orphans(takes);
  await show();
  sender.kick();

  // Closes takes that a closed tab left open, unless a studio is using them.
  async function orphans(rows) {
    const all = () => Promise.all(rows.filter((row) => !row.ended && row.bytes).map(facts.close));
    if (navigator.locks) await navigator.locks.request(`farm-studio-${user}`, { ifAvailable: true }, (lock) => lock && all());
  }
}

// A list of rehearsals: refreshed when data of theirs has arrived and when the reader returns to the page.
export function listed(list) {
  async function anew() {
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById(list.id);
    if (found) list.replaceChildren(...found.childNodes);
  }
  window.addEventListener("studio:sent", anew);
  window.addEventListener("pageshow", (event) => event.persisted && anew());
}

// The page of one rehearsal: reloaded when its state has changed on the server.
export function arriving(box) {
  const { here, state, closed } = box.dataset;
  if (closed) import(box.dataset.module.split("#")[0]).then(({ store }) => window.indexedDB && store.close(closed, "handed")).catch(() => null);
  const END = ["queued", "reviewed", "gone", "failed"];
  if (END.includes(state)) return;
  let turn = 0;
  const ask = async () => {
    const answer = await fetch(here, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
    const reply = answer?.ok ? await answer.json().catch(() => null) : null;
    if (reply && reply.state !== state) return location.reload();
    turn += 1;
    setTimeout(ask, Math.min(2000 * 1.3 ** turn, 30_000));
  };
  setTimeout(ask, 2000);
  window.addEventListener("studio:sent", ask);
}
