// A spoken remark of at most 90 seconds, uploaded as soon as it is recorded; the note gets its key.
const LONGEST = 90_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4"];

export default function voice(box) {
  const form = box.closest("form");
  const button = box.querySelector("[data-record]");
  const says = box.querySelector("[data-says]");
  const status = box.querySelector("[data-voice-status]");
  const kind = window.MediaRecorder && KINDS.find((each) => MediaRecorder.isTypeSupported(each));
  if (!box.dataset.url || !kind || !navigator.mediaDevices?.getUserMedia) return;
  let recorder;
  let timer;
  box.hidden = false;

  async function start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!stream) return (status.textContent = status.dataset.denied);
    const pieces = [];
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 24_000 });
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      send(new Blob(pieces, { type: kind.split(";")[0] }));
    };
    recorder.start(1000);
    timer = setTimeout(stop, LONGEST);
    says.textContent = says.dataset.stop;
    status.textContent = "";
  }

  function stop() {
    clearTimeout(timer);
    if (recorder?.state === "recording") recorder.stop();
    says.textContent = says.dataset.start;
  }

  async function send(blob) {
    status.textContent = status.dataset.sending;
    const body = new FormData();
    body.append("voice", blob, "note.webm");
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
    const answer = await fetch(box.dataset.url, { method: "POST", headers, body }).catch(() => null);
    const reply = await answer?.json().catch(() => null);
    if (answer?.ok && reply?.key) form.elements.voice.value = reply.key;
    status.textContent = answer?.ok && reply?.key ? status.dataset.got : (reply?.error ?? status.dataset.failed);
  }

  button.addEventListener("click", () => (recorder?.state === "recording" ? stop() : start()));
  form.addEventListener("note:filled", () => (stop(), (status.textContent = "")));
}
