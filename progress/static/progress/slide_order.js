// In which order slides are shown: "1", "2", "2.1" (the second press of the second), "3" …

// seconds[n]: whether the slide has a second press.
export function stops(seconds) {
  return seconds.flatMap((hasSecond, n) => (hasSecond ? [String(n + 1), `${n + 1}.1`] : [String(n + 1)]));
}

// One press from `at`, 1 or -1, past the slides in `skipped`; where nothing comes, it stays.
export function step(places, at, by, skipped = new Set()) {
  for (let next = places.indexOf(at) + by; places[next]; next += by) {
    if (!skipped.has(places[next].split(".")[0])) return places[next];
  }
  return at;
}

// A number of people as typed; what is none counts as 0.
export function count(text) {
  return /^[0-9]{1,4}$/.test(text.trim()) ? Math.min(2000, Number(text)) : 0;
}

// Seconds as 12:05; none below 0.
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
