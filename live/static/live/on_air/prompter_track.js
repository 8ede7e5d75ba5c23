// Where the lines of a prompter pass the mark: converts characters read to pixels scrolled, and back.
const MARK = 0.3; // fraction of the height from the top: the line to be read

export default function track(text, lines) {
  const mark = document.createElement("i");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches; // line by line then
  // Space above the first line and below the last; as padding it would keep the box from shrinking.
  const [above, below] = [document.createElement("div"), document.createElement("div")];
  let stops = [];
  mark.className = "prompter__mark";
  text.before(mark);
  text.prepend(above);
  text.append(below);

  function measure() {
    const eye = text.clientHeight * MARK;
    above.style.height = `${eye}px`;
    below.style.height = `${text.clientHeight - eye}px`;
    mark.style.top = `${text.offsetTop + eye}px`;
    const top = text.getBoundingClientRect().top - text.scrollTop + eye;
    let read = 0;
    stops = lines.map((line) => {
      const stop = { y: line.getBoundingClientRect().top - top, read, line };
      read += Number(line.dataset.n);
      return stop;
    });
    stops.push({ y: lines.at(-1).getBoundingClientRect().bottom - top, read, line: lines.at(-1) });
  }

  const from = (test) => Math.max(0, stops.findLastIndex(test));
  const between = (low, high, share) => low + (high - low) * Math.min(1, Math.max(0, share));

  function y(at) {
    const n = from((stop) => stop.read <= at);
    const [one, other] = [stops[n], stops[n + 1]];
    return other && !still ? between(one.y, other.y, (at - one.read) / (other.read - one.read)) : one.y;
  }

  function at(top) {
    const n = from((stop) => stop.y <= top + 1);
    const [one, other] = [stops[n], stops[n + 1]];
    return other ? between(one.read, other.read, (top - one.y) / Math.max(1, other.y - one.y)) : one.read;
  }

  return {
    measure, y, at,
    line: (at) => stops[from((stop) => stop.read <= at)].line,
    before: (line) => stops.find((stop) => stop.line === line).read,
    end: () => stops.at(-1).read,
  };
}
