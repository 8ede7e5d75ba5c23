// The page of one task.
export default function task() {}
