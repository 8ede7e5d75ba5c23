// The scripts of tasks in one file, which only pages about tasks fetch.
export { default } from "./task_page.js";
export * as store from "./task_store.js";
export * as checks from "./task_files.js";
export * as films from "./film_check.js";
export * as tus from "../media/tus_client.js";
export * from "./task_picks.js";
export * from "./task_sender.js";
export * from "./task_unsent.js";
