// The last element of a page, without "defer": a browser runs it once the sheets above have come, and only then is any other
// script asked for. It is small because it is fetched beside the styles.
const { app } = document.currentScript.dataset;
document.head.append(Object.assign(document.createElement("script"), { type: "module", src: app }));
