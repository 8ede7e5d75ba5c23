// The queue by keyboard: J and K move, P publishes (the server asks for a confirmation if there are findings), R writes the reason.
export default function queue(root) {
  const act = (key) => root.querySelector(`[data-key="${key}"]`);
  const steps = {
    j: () => root.dataset.after && location.assign(root.dataset.after),
    k: () => root.dataset.before && location.assign(root.dataset.before),
    p: () => act("p")?.click(),
    r: () => act("r")?.focus(),
    "?": () => {
      const help = act("?");
      help.open = !help.open;
      if (help.open) help.scrollIntoView({ block: "nearest" });
    },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape" && typing) return typing.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const step = steps[event.key.toLowerCase()];
    if (!step) return;
    event.preventDefault();
    step();
  });
}
