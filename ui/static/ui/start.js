// Stands in the page itself, after all of it, and so runs once the sheets have come: until then the line is theirs, and
// no other script is asked for. Its hash is in the content security policy (ui.starting).
document.head.append(
  Object.assign(document.createElement("script"), {
    type: "module",
    src: document.currentScript.previousElementSibling.dataset.src,
  }),
);
