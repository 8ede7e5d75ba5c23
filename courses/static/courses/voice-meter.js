// How loud a microphone is, and whether what was said can be heard well: noise, a voice that is too low, one that is cut off.
const ROOM = -45, DIN = -30, LOW = -45, FLOOR = -100; // dB of full scale: a quiet room, one too noisy to read in, a voice that is too low, silence
const CLIPPED = 3; // so many moments at full scale are heard

// Calls show(0…100) twenty times a second; what is returned ends it and gives the moments.
export function listen(stream, show) {
  const sound = new AudioContext();
  const meter = sound.createAnalyser();
  const wave = new Float32Array((meter.fftSize = 2048));
  sound.createMediaStreamSource(stream).connect(meter);
  const moments = [];
  const timer = setInterval(() => {
    meter.getFloatTimeDomainData(wave);
    const mean = wave.reduce((sum, value) => sum + value * value, 0) / wave.length;
    const db = Math.max(FLOOR, 10 * Math.log10(mean || 1e-10));
    moments.push({ db, peak: wave.reduce((most, value) => Math.max(most, Math.abs(value)), 0) });
    show(Math.max(0, Math.min(100, (db + 60) * 2)));
  }, 50);
  return () => {
    clearInterval(timer);
    sound.close();
    show(0);
    return moments;
  };
}

// Calls show("0:07") as the seconds pass; what is returned ends it.
export function count(show) {
  const began = Date.now();
  const tick = () => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    show(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  };
  tick();
  const clock = setInterval(tick, 250);
  return () => clearInterval(clock);
}

// The loudness that so large a share of the moments does not pass.
const share = (moments, part) => moments.map(({ db }) => db).sort((a, b) => a - b)[Math.floor((moments.length - 1) * part)] ?? FLOOR;

export const measureRoom = (moments) => share(moments, 0.5);
export const nameRoom = (room) => (room > DIN ? "din" : room > ROOM ? "noisy" : "silent");

// noise: how many dB it lies below the voice; word: what to say of it.
export function judge(moments, room, quiet) {
  const speech = share(moments, 0.9);
  const noise = Math.round(Math.max(0, speech - Math.min(room ?? 0, share(moments, 0.1))));
  if (moments.filter(({ peak }) => peak >= 0.99).length >= CLIPPED) return { noise, word: "loud" };
  if (speech < LOW) return { noise, word: "low" };
  return { noise, word: noise < quiet ? "hum" : "good" };
}
