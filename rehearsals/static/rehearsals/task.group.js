// The scripts of a task's page in one file, which only pages about tasks fetch.
export { default } from "./task_page.js";
