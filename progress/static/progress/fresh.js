// A page that counts lessons, reached with Back: the browser shows it as it was cached, from before the lesson was done.
//   <div data-user="7">   is requested again if a lesson was done since, and there is a connection
const LONGEST = 5000;

// When done.js last got an answer for a lesson in this tab.
function last(user) {
  try { return sessionStorage.getItem(`ticked:${user}`) ?? ""; } catch { return ""; }
}

// Without a connection the old page is better than none.
async function anew() {
  const answer = await fetch(location.href, { method: "HEAD", signal: AbortSignal.timeout?.(LONGEST) }).catch(() => null);
  if (answer?.ok && !answer.redirected) location.reload();
}

export default function fresh({ dataset: { user } }) {
  const isOld = () => history.state?.ticked !== undefined && history.state.ticked !== last(user);
  const [way] = performance.getEntriesByType("navigation");
  if (way?.type === "back_forward" && isOld()) anew();
  else history.replaceState({ ...history.state, ticked: last(user) }, "");
  window.addEventListener("pageshow", (event) => event.persisted && isOld() && anew());
}
