// The scripts of a signed-in person's pages, in one file, which is fetched once.
export { default } from "../outbox/phone.js";
export * from "../outbox/outbox.js";
export * from "./kept_lessons.js";
export { default as done } from "./done.js";
export { default as player } from "./player.js";
export { default as choice } from "./player-choice.js";
export { default as watch } from "./player-watch.js";
export { default as aloud, pickVoice } from "./aloud.js";
export { default as keep } from "./keep.js";
export { default as kept } from "./kept.js";
export { default as fresh } from "./fresh.js";
export { default as numbers } from "./numbers.js";
export { default as read } from "./read.js";
