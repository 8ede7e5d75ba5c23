// A review that its owner sees counts as read: the page says so itself, and the button for it goes.
export default async function read(form) {
  form.hidden = true;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true }).catch(() => null);
  if (!answer || (answer.type !== "opaqueredirect" && !answer.ok)) form.hidden = false;
}
