// One recording: what the recorder gives each second is stored on the disk before anything else happens to it.
//   start(stream, take, {store, saved, full, lost}) → {stop(why), mark(one), at()}
// A stored second will be uploaded whatever happens to this page; a second that is not stored is never shown as stored.
const EVERY = 1000; // ms
const TRY_AGAIN = 1000;
const GIVE_UP = 30; // tries on a full phone: then the piece, never shown as stored, is dropped, and nothing before it
const TYPES = ["video/webm;codecs=vp8,opus", "video/mp4;codecs=avc1.42E01E,mp4a.40.2", "video/mp4", "video/webm"];
export const QUALITIES = {
  clear: { width: 1280, height: 720, frames: 25, video: 1_500_000, audio: 64_000 },
  saving: { width: 854, height: 480, frames: 24, video: 620_000, audio: 48_000 },
};

export const isPossible = () => Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia && window.indexedDB);
export const typeOf = () => TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";

export function start(stream, take, { store, saved = () => {}, full = () => {}, lost = () => {} }) {
  const { video, audio } = QUALITIES[take.quality] ?? QUALITIES.saving;
  const options = { videoBitsPerSecond: video, audioBitsPerSecond: audio, ...(take.type ? { mimeType: take.type } : {}) };
  const recorder = new MediaRecorder(stream, options);
  let began = performance.now();
  let last = Promise.resolve();
  let over, isFull = false, ended = false, gone = false;
  const at = (now = performance.now()) => Math.max(0, Math.round(now - began));

  // Stores one piece after the other and repeats each: space returns when the sender has uploaded something.
  async function keep(blob, until) {
    const content = await blob.arrayBuffer();
    for (let tries = 1; ; tries += 1) {
      try {
        await store.keep(take.key, content, until);
        isFull = false;
        return saved({ take: take.key, until, content });
      } catch (error) {
        if (!isFull) full(error);
        isFull = true;
        if (tries >= GIVE_UP || gone) return void (gone = true);
        await new Promise((done) => setTimeout(done, TRY_AGAIN));
      }
    }
  }

  // Uses the time of the event, not the time at which a busy page handled it.
  recorder.addEventListener("start", ({ timeStamp }) => (began = timeStamp));
  recorder.addEventListener("dataavailable", ({ data, timeStamp }) => {
    const until = at(timeStamp);
    if (data.size) last = last.then(() => keep(data, until));
  });
  recorder.addEventListener("error", () => stop("recorder"));
  const finished = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));

  // A phone call takes the microphone: the track is muted or ends, and what follows does not belong to this take.
  const tracks = stream.getTracks();
  const muted = new Map();
  for (const track of tracks) {
    track.addEventListener("ended", () => interrupted("ended"));
    track.addEventListener("mute", () => muted.set(track, setTimeout(() => interrupted("muted"), TRY_AGAIN)));
    track.addEventListener("unmute", () => clearTimeout(muted.get(track)));
  }
  function interrupted(why) {
    if (ended) return;
    stop(why);
    lost(why);
  }

  const flush = () => document.hidden && recorder.state === "recording" && recorder.requestData();
  document.addEventListener("visibilitychange", flush);

  function stop(why = "") {
    over ??= (async () => {
      ended = true;
      document.removeEventListener("visibilitychange", flush);
      muted.forEach(clearTimeout);
      if (recorder.state !== "inactive") recorder.stop();
      await finished;
      await last;
      return store.change(take.key, (row) => Object.assign(row, { ended: true, why }));
    })();
    return over;
  }

  recorder.start(EVERY);
  return { stop, at, mark: (one) => store.mark(take.key, { ...one, at_ms: at() }), isOn: () => !ended };
}
