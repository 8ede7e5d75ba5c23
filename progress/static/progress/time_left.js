// Shows how long a quiz with a time limit still takes answers; the server decides.
//   <span data-module data-seconds="720" data-over="…"><span data-left>until 14:32</span></span>
export const format = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export default function timeLeft(element) {
  const shown = element.querySelector("[data-left]");
  const end = performance.now() + Number(element.dataset.seconds) * 1000;
  const show = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    shown.textContent = left > 0 ? format(left) : element.dataset.over;
    if (left > 0 && shown.isConnected) setTimeout(show, 1000);
  };
  show();
}
