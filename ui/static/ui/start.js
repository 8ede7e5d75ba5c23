// The last element of a page, without "defer": a browser runs it once the sheets above are loaded, and only then any other
// script is requested. It is small because it is fetched together with the styles.
const { app } = document.currentScript.dataset;
document.head.append(Object.assign(document.createElement("script"), { type: "module", src: app }));
