// Reads the lesson's text aloud by the phone's own voice, sentence after sentence, each highlighted while it is read.
// Stays hidden if the phone has no voice of the lesson's language.
const SPEEDS = [1, 1.25, 1.5, 0.75];
const END = /[。！？!?；;]+[”’」』）)"']*|\.(?=\s|$)|\n+/g;

export function pickVoice(lang) {
  const first = lang.split("-")[0].toLowerCase();
  const found = speechSynthesis.getVoices().filter((each) => each.lang.toLowerCase().replace("_", "-").startsWith(first));
  return found.find((each) => each.localService && !/HK|TW/i.test(each.lang)) ?? found[0];
}

// [{ text, range }] of every heading, paragraph and item, in order.
function sentences(root) {
  const found = [];
  const blocks = [...root.querySelectorAll("h2, h3, h4, p, li, th, td")];
  for (const block of blocks.filter((each) => !each.querySelector("p, li, td"))) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let whole = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      nodes.push([whole.length, node]);
      whole += node.data;
    }
    const cut = (from, to) => {
      if (!whole.slice(from, to).trim()) return;
      const range = document.createRange();
      const [start, a] = nodes.findLast(([at]) => at <= from);
      const [stop, b] = nodes.findLast(([at]) => at < to);
      range.setStart(a, from - start);
      range.setEnd(b, to - stop);
      found.push({ text: whole.slice(from, to).trim(), range });
    };
    let from = 0;
    for (const match of whole.matchAll(END)) {
      cut(from, match.index + match[0].length);
      from = match.index + match[0].length;
    }
    cut(from, whole.length);
  }
  return found;
}

function mark(range) {
  if (!globalThis.CSS?.highlights) return;
  if (!range) return CSS.highlights.delete("aloud");
  CSS.highlights.set("aloud", new Highlight(range));
  const { top, bottom } = range.getBoundingClientRect();
  if (top < 60 || bottom > innerHeight - 120) range.startContainer.parentElement.scrollIntoView({ block: "center" });
}

export default function aloud(box) {
  if (!globalThis.speechSynthesis) return;
  const [go, faster] = [box.querySelector("[data-say]"), box.querySelector("[data-faster]")];
  const label = go.querySelector("span");
  const text = document.querySelector(".prose");
  let parts = [];
  let at = 0;
  let speaking = false;
  let turn = 0; // events of an older reading are ignored

  function next() {
    const mine = ++turn;
    speechSynthesis.cancel();
    if (at >= parts.length) return stop(true);
    mark(parts[at].range);
    const words = new SpeechSynthesisUtterance(parts[at].text);
    words.voice = pickVoice(box.dataset.lang);
    words.lang = words.voice?.lang ?? box.dataset.lang;
    words.rate = Number(faster.dataset.rate ?? 1);
    words.onend = () => {
      if (mine !== turn || !speaking) return;
      at += 1;
      next();
    };
    words.onerror = () => mine === turn && speaking && stop(false);
    speechSynthesis.speak(words);
  }

  function stop(over) {
    speaking = false;
    turn += 1;
    speechSynthesis.cancel();
    if (over) at = 0;
    if (over) mark(null);
    label.textContent = over ? box.dataset.go : box.dataset.on;
  }

  go.addEventListener("click", () => {
    if (speaking) return stop(false);
    parts = parts.length ? parts : sentences(text);
    speaking = true;
    label.textContent = box.dataset.pause;
    for (const video of document.querySelectorAll("video")) video.pause();
    next();
  });
  faster.addEventListener("click", () => {
    const rate = SPEEDS[(SPEEDS.indexOf(Number(faster.dataset.rate ?? 1)) + 1) % SPEEDS.length];
    faster.dataset.rate = rate;
    faster.firstElementChild.textContent = `${rate}×`;
    if (speaking) next();
  });
  document.addEventListener("play", () => speaking && stop(false), { capture: true });
  window.addEventListener("pagehide", () => speaking && stop(false));

  const appear = () => (box.hidden = !text || !pickVoice(box.dataset.lang));
  appear();
  speechSynthesis.addEventListener?.("voiceschanged", appear);
}
