// The camera, and checks before recording: volume, light, upright or level; or why it cannot be opened.
//   open(quality, facing) → {stream, upright}   rejects with {cause: "denied" | "busy" | "absent" | "impossible"}
//   watch(stream, video, report) → stop()         report({level: 0–1, light: "dark" | "bright" | "behind" | "good"})
const LOOK_EVERY = 1000, LISTEN_EVERY = 100; // ms
const WIDTH = 32, HEIGHT = 24;
const DARK = 60, BRIGHT = 205, BEHIND = 45; // of 255
const CAUSES = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "absent", OverconstrainedError: "absent", NotReadableError: "busy", AbortError: "busy" };

export async function open({ width, height, frames }, facing = "user") {
  if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error("none"), { cause: "impossible" });
  const upright = matchMedia("(orientation: portrait)").matches;
  // A phone rotates the picture by itself: a request for portrait would cut a strip out of a landscape picture.
  const video = { facingMode: facing, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frames, max: 30 } };
  const audio = { echoCancellation: false, noiseSuppression: true, autoGainControl: true };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio });
    const shape = stream.getVideoTracks()[0]?.getSettings() ?? {};
    return { stream, upright: shape.width && shape.height ? shape.height > shape.width : upright };
  } catch (error) {
    throw Object.assign(error, { cause: CAUSES[error.name] ?? "busy" });
  }
}

export function close(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

export function watch(stream, video, report) {
  const now = { level: 0, light: "" };
  const stops = [listen(stream, (level) => report(Object.assign(now, { level }))), look(video, (light) => report(Object.assign(now, { light })))];
  return () => stops.forEach((stop) => stop());
}

function listen(stream, report) {
  const Sound = window.AudioContext ?? window.webkitAudioContext;
  if (!Sound || !stream.getAudioTracks().length) return () => {};
  const sound = new Sound();
  const ear = sound.createAnalyser();
  ear.fftSize = 1024;
  sound.createMediaStreamSource(stream).connect(ear);
  sound.resume?.();
  const wave = new Float32Array(ear.fftSize);
  const timer = setInterval(() => {
    ear.getFloatTimeDomainData(wave);
    const power = wave.reduce((sum, one) => sum + one * one, 0) / wave.length;
    // −60 dB is silence, −10 dB is as loud as it should be.
    report(Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-9) + 60) / 50)));
  }, LISTEN_EVERY);
  return () => (clearInterval(timer), sound.close());
}

function look(video, report) {
  const paper = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const pen = paper.getContext("2d", { willReadFrequently: true });
  const timer = setInterval(() => {
    if (video.readyState < 2) return;
    pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
    report(lightOf(pen.getImageData(0, 0, WIDTH, HEIGHT).data));
  }, LOOK_EVERY);
  return () => clearInterval(timer);
}

// The face and the fruit are in the middle; a window behind them makes the middle darker than its surroundings.
export function lightOf(pixels) {
  let [middle, around, inner, outer] = [0, 0, 0, 0];
  for (let at = 0; at < WIDTH * HEIGHT; at += 1) {
    const light = 0.299 * pixels[at * 4] + 0.587 * pixels[at * 4 + 1] + 0.114 * pixels[at * 4 + 2];
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    if (x >= WIDTH / 4 && x < (WIDTH * 3) / 4 && y >= HEIGHT / 4) {
      middle += light;
      inner += 1;
    } else {
      around += light;
      outer += 1;
    }
  }
  [middle, around] = [middle / inner, around / outer];
  if (around - middle > BEHIND && middle < 110) return "behind";
  if (middle < DARK) return "dark";
  return middle > BRIGHT ? "bright" : "good";
}
