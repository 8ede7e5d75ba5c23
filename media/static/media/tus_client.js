// A client of tus 1.0 (tus.io) for this site's uploads: begins one, asks for its offset, sends it chunk by chunk, ends it.
// All reject with an Error of `status` (0: no answer) and `sentence`, the server's own text if it sent one.
//   begin(endpoint, {size, metadata: {filename}}, options) → {url, offset}; without a size it is named with the last chunk
//   findOffset(url, options) → bytes, or null when the upload is gone (the statuses `gone`) and can be begun anew
//   sendChunk(url, blob, offset, {token, patience, size, progress, signal}) → {offset, taken}
//   end(url, options)
// `options`: {token, patience}; without progress for `patience` ms the connection is dead, whatever the phone reports.
const VERSION = { "Tus-Resumable": "1.0.0" };

export const failure = (status, body) => Object.assign(new Error(`the server answered ${status}`), { status, sentence: body?.error });

export const headersOf = (token) => ({ ...VERSION, "X-CSRFToken": token });

// The tus protocol encodes metadata as base64 of UTF-8.
export const encodeMetadata = (facts) =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${btoa(String.fromCodePoint(...new TextEncoder().encode(value)))}`)
    .join(",");

// → {ok, status, headers, body}: `body` is the JSON of the answer, or null. An answer that stops half-way is none.
export async function ask(url, options, patience, fine = []) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), patience);
  const read = async (response) => [response, parse(await response.text())];
  const [{ ok, status, headers }, body] = await fetch(url, { ...options, cache: "no-store", signal: stop.signal })
    .then(read)
    .catch(() => { throw failure(0); })
    .finally(() => clearTimeout(late));
  if (ok || fine.includes(status)) return { ok, status, headers, body };
  throw failure(status, body);
}

// Without this header it is the answer of somebody else, as the portal of a hotel's Wi-Fi.
function offsetOf({ headers }) {
  if (!headers.has("Upload-Offset")) throw failure(0);
  return Number(headers.get("Upload-Offset"));
}

export async function begin(endpoint, { size = null, metadata }, { token, patience }) {
  const length = size === null ? { "Upload-Defer-Length": "1" } : { "Upload-Length": size };
  const headers = { ...headersOf(token), "Upload-Metadata": encodeMetadata(metadata), ...length };
  const response = await ask(endpoint, { method: "POST", headers }, patience);
  const url = new URL(response.headers.get("Location"), location.href).href;
  return { url, offset: offsetOf(response) };
}

export async function findOffset(url, { token, patience, gone = [403, 404, 410] }) {
  const response = await ask(url, { method: "HEAD", headers: headersOf(token) }, patience, gone);
  return response.ok ? offsetOf(response) : null;
}

// With `size` this is the last chunk of an upload whose length was not given before. Where another tab was first its offset
// is as good as ours (409): `taken` is false then. The progress of a request's body is known to XMLHttpRequest only.
export function sendChunk(url, blob, offset, { token, patience, size = null, progress = () => {}, signal = null }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), patience);
    };
    request.upload.onprogress = (event) => {
      alive();
      progress(offset + event.loaded);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      const reached = request.status && request.getResponseHeader("Upload-Offset");
      if (reached && (request.status === 204 || request.status === 409)) resolve({ offset: Number(reached), taken: request.status === 204 });
      else reject(failure(request.status, parse(request.responseText)));
    };
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.open("PATCH", url);
    const headers = { ...headersOf(token), "Content-Type": "application/offset+octet-stream", "Upload-Offset": offset };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (size !== null) request.setRequestHeader("Upload-Length", size);
    alive();
    request.send(blob);
  });
}

export const end = (url, { token, patience }) => ask(url, { method: "DELETE", headers: headersOf(token) }, patience, [403, 404, 409, 410]);

function parse(text) {
  try { return JSON.parse(text); } catch { return null; }
}
