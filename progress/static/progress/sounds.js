// The recordings of a lesson's voices, fetched once each, and whose voice this person hears.
const stored = new Map(); // address → address of what was fetched

// Whole, so that a recording that was kept on the phone is played from there.
export async function fetchSound(url) {
  if (!stored.has(url)) {
    const answer = await fetch(url);
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("audio/")) throw new Error(url);
    stored.set(url, URL.createObjectURL(await answer.blob()));
  }
  return stored.get(url);
}

// Whose voice this person hears, on this phone: in the next lesson too.
export const recall = (user) => { try { return localStorage.getItem(`voice:${user}`); } catch { return null; } };
export const remember = (user, choice) => { try { localStorage.setItem(`voice:${user}`, choice); } catch { /* it holds as long as this page */ } };
export const read = (id) => JSON.parse(document.getElementById(id).textContent);
