// The things chosen for a task: each is looked at, made smaller if it is a photo, stored on the phone at once (the camera may
// close this page), shown, put in order, taken away.
//   const box = picks({root, store, known, checks, films, shrink, say, newId, work, onChange})
//   await box.restore(draft)   box.rows → the files in their order
// `place` names a film's upload; it stays when the films are put in another order.
const SPARE = 20_000_000; // bytes that stay free

export function picks({ root, store, known, checks, films, shrink, say, newId, work, onChange }) {
  const { words, kind, most } = known;
  const list = root.querySelector("[data-picks]");
  const input = root.querySelector("input[type=file]");
  const template = root.querySelector("[data-pick-new]");
  const shown = new Map(); // id → element
  let rows = [];

  const part = (pick, name) => pick.querySelector(`[data-${name}]`);

  function show(row) {
    const pick = template.content.firstElementChild.cloneNode(true);
    pick.dataset.pick = row.id;
    const url = URL.createObjectURL(row.blob);
    if (row.kind === "photo") {
      const picture = Object.assign(document.createElement("img"), { src: url, alt: "", className: "pic", width: 320, height: 320 });
      picture.onerror = () => (picture.remove(), note(row, words.unshown));
      part(pick, "picture").append(picture);
    } else if (row.kind === "film") {
      const film = Object.assign(document.createElement("video"), { src: url, className: "pic", controls: true, playsInline: true, preload: "metadata" });
      film.setAttribute("aria-label", row.name);
      part(pick, "picture").append(film);
    }
    pick.addEventListener("click", ({ target }) => act(row, target.closest("[data-act]")?.dataset.act));
    shown.set(row.id, pick);
  }

  function note(row, text) {
    part(shown.get(row.id), "note").textContent = text;
  }

  function arrange() {
    list.replaceChildren(...rows.map((row) => shown.get(row.id)));
    list.hidden = !rows.length;
    rows.forEach((row, n) => {
      const pick = shown.get(row.id);
      const named = row.kind === "document" ? row.name : checks.fill(words.place, { n: n + 1 });
      part(pick, "name").textContent = `${named} · ${checks.mb(row.size)} MB`;
      const text = row.refused ? checks.fill(words.refused, { why: row.refused }) : store.isStored(row.id) ? row.note : words.unstored;
      if (text) note(row, text);
      part(pick, "note").className = row.refused ? "error" : "soft";
      for (const one of pick.querySelectorAll("[data-act=up], [data-act=down]")) one.hidden = rows.length === 1;
    });
    onChange();
  }

  async function settle() {
    arrange();
    for (const [n, row] of rows.entries()) if (row.position !== n) await store.change(row, { position: n });
  }

  async function act(row, name) {
    const at = rows.indexOf(row);
    if (name === "drop") {
      rows = rows.filter((one) => one !== row);
      shown.delete(row.id);
      await store.dropFile(row.id);
      say(words.dropped);
      return settle();
    }
    const to = name === "up" ? at - 1 : name === "down" ? at + 1 : -1;
    if (to < 0 || to >= rows.length) return;
    rows.splice(to, 0, ...rows.splice(at, 1));
    await settle();
    part(shown.get(row.id), "picture").parentElement.querySelector(`[data-act=${name}]`).focus();
    say(checks.fill(words.moved, { n: to + 1 }));
  }

  async function add(chosen) {
    const isFile = kind === "file" && !chosen.type.startsWith("image/");
    const file = await checks.inspect(chosen, kind, words, isFile ? known.most_file : known.most_bytes, films);
    if (file.why) return file.why;
    const blob = kind === "video" ? chosen : await shrink(chosen).catch(() => chosen);
    const place = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((n) => rows.every((one) => one.place !== n));
    const row = { id: newId(), work: (await work()).id, position: rows.length, place, kind: file.kind, name: chosen.name.slice(-80), blob, size: blob.size, ms: file.ms, note: file.note, key: "", url: "", sent: 0, whole: false, refused: "" };
    const free = await checks.freeBytes();
    const isTight = free < blob.size + SPARE;
    if (isTight) store.hold(row);
    else await store.putFile(row);
    rows.push(row);
    show(row);
    arrange();
    return isTight ? checks.fill(words.no_room, { free: checks.mb(Math.max(0, free)), size: checks.mb(blob.size) }) : "";
  }

  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    input.value = ""; // sent by the script, not once more with the form
    const said = [];
    for (const file of chosen.slice(0, Math.max(0, most - rows.length))) said.push(await add(file));
    if (chosen.length > said.length) said.push(checks.fill(words.many, { most }));
    say(said.filter(Boolean).map((text) => text.replace(/[\u3002.]$/, "")).join(words.stop), true); // far below what was chosen
  });

  async function restore(draft) {
    rows = draft ? await store.filesOf(draft.id) : [];
    rows.forEach(show);
    arrange();
  }

  return {
    restore,
    get rows() {
      return rows;
    },
  };
}
