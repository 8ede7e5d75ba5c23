// A page that counts lessons, come back to with Back: the browser shows it as it was kept, from before the tick.
//   <div data-user="7">   is asked for anew when a lesson was ticked since, if the line holds
const LONGEST = 5000;

// When done.js last had an answer for a tick in this tab.
function last(user) {
  try { return sessionStorage.getItem(`ticked:${user}`) ?? ""; } catch { return ""; }
}

// Without a line the old page is better than none.
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
