// A spoken remark of at most 90 seconds, uploaded as soon as it is recorded; the note gets its key.
const LONGEST = 90_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4"];

export default function voice(box) {
  const form = box.closest("form");
  const button = box.querySelector("[data-record]");
  const says = box.querySelector("[data-says]");
  const said = box.querySelector("[data-voice-said]");
  const kind = window.MediaRecorder && KINDS.find((each) => MediaRecorder.isTypeSupported(each));
  if (!box.dataset.url || !kind || !navigator.mediaDevices?.getUserMedia) return;
  let recorder;
  let timer;
  box.hidden = false;

  async function start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!stream) return (said.textContent = said.dataset.denied);
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
    said.textContent = "";
  }

  function stop() {
    clearTimeout(timer);
    if (recorder?.state === "recording") recorder.stop();
    says.textContent = says.dataset.start;
  }

  async function send(blob) {
    said.textContent = said.dataset.sending;
    const body = new FormData();
    body.append("voice", blob, "note.webm");
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
    const answer = await fetch(box.dataset.url, { method: "POST", headers, body }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok && told?.key) form.elements.voice.value = told.key;
    said.textContent = answer?.ok && told?.key ? said.dataset.got : (told?.error ?? said.dataset.failed);
  }

  button.addEventListener("click", () => (recorder?.state === "recording" ? stop() : start()));
  form.addEventListener("note:filled", () => (stop(), (said.textContent = "")));
}
