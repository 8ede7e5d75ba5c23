"""Run as a script by `media.sandbox.decoder`: limit this process, open the file on standard input, write the result.

    python -I child.py '["shrink" | "redraw" | "check_pdf", {...}, MEMORY_BYTES, CPU_SECONDS, PARENT]'

Writes "unusable REASON", or a line of JSON `{"width", "height", "files": [[width, bytes], …]}` and the files one after the
other.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from media.sandbox import limits  # noqa: E402
from media.sandbox.results import DecodedPictures, Unusable  # noqa: E402

MOST_BYTES = 1 << 26


def run_task(task: str, facts: dict) -> bytes:
    file = sys.stdin.buffer
    if task == "check_pdf":
        from media.sandbox import pdfs

        pdfs.check_objects(file)
        return b"{}\n"
    from media.sandbox import pictures

    if task == "shrink":
        return pack_pictures(pictures.make_pictures(file, **facts))
    return pack_pictures(pictures.redraw(file, **facts))


def pack_pictures(made: DecodedPictures) -> bytes:
    files = [[width, len(content)] for width, content in made.files.items()]
    head = json.dumps({"width": made.width, "height": made.height, "files": files})
    return b"\n".join([head.encode(), b"".join(made.files.values())])


def main() -> None:
    task, facts, memory, seconds, parent = json.loads(sys.argv[1])
    limits.limit_process(MOST_BYTES, seconds, memory, parent)
    try:
        answer = run_task(task, facts)
    except Unusable as unusable:
        answer = f"unusable {unusable.reason}".encode()
    except MemoryError:
        answer = b"unusable costly"
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
