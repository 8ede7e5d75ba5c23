// Uploads one photo or voice (`field` says which) over an unreliable connection: tries again automatically until the server has answered.
const PAUSES = [1, 2, 4, 8, 15, 30];
// After this time without progress the connection is considered dead, whatever the phone reports.
const STALL = 45_000;

// Resolves to the server's answer {key, status, src}; rejects with {message} only if the server
// refused the photo. tell("sending", percent), tell("offline") and tell("again") report the progress.
// `wake` is called with a function that ends the current pause.
export async function send({ url, token, blob, name, field = "photo", tell, wake, signal }) {
  for (let attempt = 0; ; attempt++) {
    const form = new FormData();
    form.append(field, blob, name);
    const answer = await once(url, token, form, (percent) => tell("sending", percent), signal);
    if (signal.aborted) throw new Error("taken away");
    if (answer?.status === 200 && answer.body?.key) return answer.body;
    // 200 without a key is the answer of somebody else, as the portal of a hotel's Wi-Fi.
    if (answer && answer.status < 500 && ![200, 408].includes(answer.status)) throw { status: answer.status, message: answer.body?.error };
    await pause(PAUSES[Math.min(attempt, PAUSES.length - 1)] * 1000, tell, wake, signal);
  }
}

// The answer, or null when none came.
function once(url, token, form, progress, signal) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALL);
    };
    request.upload.onprogress = (event) => {
      alive();
      if (event.lengthComputable) progress(Math.floor((event.loaded / event.total) * 100));
    };
    request.onloadend = () => {
      clearTimeout(timer);
      resolve(request.status ? { status: request.status, body: parsed(request.responseText) } : null);
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Accept", "application/json");
    alive();
    progress(0);
    request.send(form);
  });
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}

// Waits until the time is over, the network is back, or somebody presses "again".
function pause(time, tell, wake, signal) {
  const offline = navigator.onLine === false;
  tell(offline ? "offline" : "again");
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      wake(null);
      resolve();
    };
    // A phone that reports "offline" may be wrong: the upload is tried from time to time anyway.
    const timer = setTimeout(done, offline ? 30_000 : time);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done, { once: true });
    wake(done);
  });
}
