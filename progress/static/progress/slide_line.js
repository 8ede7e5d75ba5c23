// What slides on a wall say to the server and hear from it: where they stand, each second while the page is seen. What could not be
// sent is sent when the line is back; meanwhile everything goes on from the keyboard.
const EVERY = 1000, PATIENCE = 4000;

// addresses: { now, move, hands }; take(state) is called with what is new, lost(isLost) after each try.
export function openLine(root, addresses, token, { take, lost }) {
  let etag = "", unsent = "", isAsking = false, heardAt = Date.now();
  poll();
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  return { send, tell, isBehind: () => unsent !== "" };

  async function poll() {
    if (!root.isConnected) return;
    if (!document.hidden) await ask();
    setTimeout(poll, EVERY);
  }

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    let isLost = false, isHeard = true;
    try {
      await hear(unsent ? await deliver() : await fetch(addresses.now, { headers: etag ? { "If-None-Match": etag } : {}, ...limits() }));
    } catch {
      isHeard = false;
      isLost = Date.now() - heardAt > 2 * EVERY;
    }
    lost(isLost);
    isAsking = false;
    if (unsent && isHeard) ask();  // somebody has pressed twice
  }

  async function hear(answer) {
    if (answer.status !== 304) {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      etag = answer.headers.get("ETag") ?? "";
      take(await answer.json());
    }
    heardAt = Date.now();
  }

  async function deliver() {
    const place = unsent, answer = await post(addresses.move, { to: place });
    if (place === unsent) unsent = "";
    return answer;
  }

  function send(place) {
    unsent = place;
    ask();
  }

  function tell(hands) {
    return post(addresses.hands, hands).catch(() => null);
  }

  function post(url, fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: token })) body.append(name, value);
    return fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, ...limits() });
  }

  function limits() {
    return { cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) };
  }
}
