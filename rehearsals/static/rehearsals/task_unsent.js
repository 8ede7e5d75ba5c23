// Other pages: sends what waits of tasks on this phone, and says so.
export async function waiting(line) {
  const { user: raw, outbox: url, words: said } = line.dataset;
  if (!window.indexedDB) return;
  const [parts, outbox] = await Promise.all([import(line.dataset.module.split("#")[0]), import(url)]);
  const { store, checks } = parts;
  const [user, words] = [Number(raw), JSON.parse(said)];
  const text = line.querySelector("[data-text]");
  const show = (sentence) => {
    line.hidden = !sentence;
    text.textContent = sentence;
  };
  const state = ({ problem, sentence, file, sent }) => show(Array.isArray(sent) ? words.sent : problem === "refused" ? checks.fill(words.refused, { why: sentence }) : problem ? (words[problem] ?? words.busy) : file ? checks.fill(words.sending, { n: file.position + 1, sent: checks.mb(sent), all: checks.mb(file.size) }) : words.one);
  if (!(await store.pendingOf(user)).some((row) => row.state !== "aside")) return;
  show(words.one);
  parts.sender({ user, store, outbox, tus: parts.tus, onState: state }).kick();
}
