// News that are opened in another way than by their row in "等你办的" are also removed from that list.
//   <form hidden action="/me/waiting/open/"> is sent if a tab shows that something waits
export default async function read(form) {
  if (!document.querySelector(".tabs b")) return;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (answer?.ok) window.dispatchEvent(new Event("farm:read"));
}
