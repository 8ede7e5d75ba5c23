// Reads the number from a parcel's label with the phone's camera, if the browser can; else the box stays
// hidden and the number is typed.
//   data-field: the id of the number's field; data-wrong, data-refused, data-found: the messages.
const PAUSE = 200;

export const tidy = (text) => text.replace(/[\s–—_-]/g, "").toUpperCase();
// The same rule as shops/shipping/couriers.py: letters and digits, most of them digits, and no mobile number.
export const looksRight = (text) => /^[A-Z0-9]{8,30}$/.test(text) && text.replace(/\D/g, "").length >= 6 && !/^1[3-9]\d{9}$/.test(text);

export default function scan(box) {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const { wrong, refused, found } = box.dataset;
  const field = document.getElementById(box.dataset.field);
  const video = box.querySelector("video");
  const [start, end] = [box.querySelector("[data-start]"), box.querySelector("[data-end]")];
  let stream = null;

  const tell = (text) => (box.querySelector("[role=status]").textContent = text);

  function show(on) {
    video.hidden = end.hidden = !on;
    start.hidden = on;
  }

  function stop() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    show(false);
  }

  // A code of another kind is reported and not used; what was typed stays.
  function take(text) {
    const parcel = tidy(text);
    if (!looksRight(parcel)) return tell(wrong);
    field.value = parcel;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    stop();
    tell(found);
    field.focus();
  }

  async function look(detector) {
    while (stream) {
      const codes = await detector.detect(video).catch(() => []);
      if (stream && codes.length) take((codes.find((code) => looksRight(tidy(code.rawValue))) ?? codes[0]).rawValue);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  start.addEventListener("click", async () => {
    tell("");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      tell(refused);
      return field.focus();
    }
    show(true);
    video.srcObject = stream;
    video.play().catch(() => null);
    look(new window.BarcodeDetector());
  });
  end.addEventListener("click", stop);
  window.addEventListener("pagehide", stop);
  box.hidden = false;
}
