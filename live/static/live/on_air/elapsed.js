// Shows how long a live has been on air, counted from the server's value; a wrong clock of the phone has no effect.
//   <time data-seconds="75">0:01:15</time>
export default function elapsed(time) {
  const begun = Date.now() - Number(time.dataset.seconds) * 1000;
  const timer = setInterval(show, 1000);
  document.addEventListener("visibilitychange", show);
  show();

  function show() {
    if (!time.isConnected) return clearInterval(timer);
    const seconds = Math.floor((Date.now() - begun) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    time.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }
}
