// A part of a page that is loaded when it comes into view, and did not come: htmx asks for it only once. It does so again after a
// pause when the page is scrolled, and at a tap on the button that the part has.
//   <div hx-trigger="revealed" …><div hidden data-again>… <button></div></div>
const PAUSE = 3000; // ms

export default function offerAgain(part) {
  const again = part.querySelector("[data-again]");
  const offer = ({ detail }) => {
    if (detail.elt !== part) return;
    setTimeout(() => part.removeAttribute("data-hx-revealed"), PAUSE);
    part.classList.remove("await");
    again.hidden = false;
  };
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) part.addEventListener(name, offer);
  again.querySelector("button").onclick = () => part.dispatchEvent(new Event("revealed"));
}
