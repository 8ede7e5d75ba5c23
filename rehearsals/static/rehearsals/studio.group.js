// The studio's scripts in one file, which only its own pages fetch.
export { default as studio } from "./studio_page.js";
export * as store from "./studio_store.js";
export * as recorder from "./studio_recorder.js";
export * as camera from "./studio_camera.js";
export * as lines from "./studio_lines.js";
export * from "./studio_comments.js";
export * from "./studio_view.js";
export * from "./studio_session.js";
export * from "./studio_facts.js";
export * from "./studio_sender.js";
export * as tus from "../media/tus_client.js";
export { default as rows } from "./rubric_parts.js";
export * from "./studio_score.js";
export * from "./studio_mine.js";
export * from "./studio_file.js";
export * as films from "./film_check.js";
export * from "./studio_unsent.js";
export * from "./studio_cache.js";
