// The explanation after an answer, as the server's page writes it (courses/_question_feedback.html), built on the phone.
function make(tag, cls, ...inside) {
  const found = document.createElement(tag);
  if (cls) found.className = cls;
  found.append(...inside.filter(Boolean));
  return found;
}

// icons: the <template>s of the page, one for each icon.
const icon = (name, icons) => icons.find((one) => one.dataset.icon === name).content.firstElementChild.cloneNode(true);

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function row(right, picked, icons, ...inside) {
  const mark = make("span", right ? "list__mark list__mark--leaf" : "list__mark", (right || picked) && icon(right ? "check" : "close", icons));
  return make("li", right ? "q--right" : picked ? "q--wrong" : "", mark, make("div", "grow", ...inside));
}

function choices({ kind, shown, key, pictures }, given, words, icons) {
  const taken = [given].flat();
  const rows = shown.choices.map((choice) => {
    const right = key.right.includes(choice.id), picked = taken.includes(choice.id);
    const verdict = picked && right ? words.picked_right : picked ? words.picked : right ? words.this : "";
    const why = key.why[choice.id];
    const line = row(right, picked, icons, choice.text ?? choice.alt, make("span", "soft q__why", verdict), why && make("span", "soft q__why", why));
    const image = pictures?.get(choice.id);
    if (image) line.prepend(image.cloneNode(true));
    return line;
  });
  return make("ul", kind === "picture" ? "q__pics q__told" : "card card--flush list list--tight q__told", ...rows);
}

function facts(...pairs) {
  return make("dl", "facts", ...pairs.flatMap(([name, value]) => [make("dt", "", name), make("dd", "num", value)]));
}

function order({ shown, key }, given, words) {
  const texts = new Map(shown.steps.map((step) => [step.id, step.text]));
  const rows = given.map((id, at) => {
    const fits = key.right[at] === id;
    const mark = make("span", fits ? "list__mark num list__mark--leaf" : "list__mark num", String(at + 1));
    const place = !fits && make("span", "soft q__why", fill(words.place, { n: key.right.indexOf(id) + 1 }));
    return make("li", fits ? "q--right" : "q--wrong", mark, make("div", "grow", texts.get(id), place));
  });
  return make("ol", "card card--flush list list--tight q__told", ...rows);
}

function spot({ shown, key }, given, words, icons) {
  const pieces = shown.pieces.map(({ id, text }) => {
    const wrong = key.right.includes(id), picked = given.includes(id);
    if (!wrong && !picked) return make("span", "", text);
    const [cls, meaning] = wrong ? (picked ? ["q--found", words.found] : ["q--missed", words.missed]) : ["q--amiss", words.amiss];
    return make("mark", cls, text, make("span", "sr", meaning));
  });
  const found = given.filter((id) => key.right.includes(id)).length;
  const rows = shown.pieces.filter(({ id }) => key.right.includes(id)).map(({ id, text }) =>
    row(given.includes(id), true, icons, text, key.why[id] && make("span", "soft q__why", key.why[id])));
  return make("div", "stack", make("p", "q__spot q__spot--explained", ...pieces),
    make("p", "", fill(words.spotted, { n: found, all: key.right.length })), make("ul", "card card--flush list list--tight", ...rows));
}

export function explain(question, given, right, words, icons) {
  const { kind, key, shown } = question;
  const say = (value) => (value ? words.true : words.false);
  const body = kind === "true_false" ? facts([words.yours, say(given)], [words.answer, say(key.right)])
    : kind === "number" ? facts([words.yours, `${given} ${shown.unit}`], [words.answer, `${key.right} ${shown.unit}`])
    : kind === "order" ? order(question, given, words)
    : kind === "spot" ? spot(question, given, words, icons)
    : choices(question, given, words, icons);
  const verdict = make("p", right ? "verdict leaf" : "verdict stop", icon(right ? "check" : "close", icons), right ? words.right : words.wrong);
  const why = question.explain && make("p", right ? "note note--leaf" : "note", icon("info", icons), make("span", "", question.explain));
  return [verdict, make("div", "stack q", body, why)];
}

export { fill, make };
