"""Limit a process that opens strangers' files. Run as a script: applies the limits and becomes the given program.

    python -I -S limits.py BYTES CPU_SECONDS PARENT PROGRAM ARGUMENTS…

It is a separate script because a process with threads must not run Python between fork and exec.
"""

import ctypes
import os
import resource
import signal
import sys

FFMPEG_MEMORY = 4 << 30
FILES = 64
PR_SET_PDEATHSIG = 1


def limit_process(most_bytes: int, seconds: int, memory: int, parent: int) -> None:
    """Limit this process for good: bytes of each file it writes, CPU seconds, address space.

    It ends with its parent, whose number is 1 in a container.
    """
    limits = {
        resource.RLIMIT_FSIZE: (most_bytes, most_bytes),
        resource.RLIMIT_CPU: (seconds, seconds + 1),  # SIGXCPU names the reason; SIGKILL could have any
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_NOFILE: (FILES, FILES),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, most)
    os.nice(5)
    if sys.platform == "linux":  # killed together with the worker, however that ends
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)


if __name__ == "__main__":
    limit_process(int(sys.argv[1]), int(sys.argv[2]), FFMPEG_MEMORY, int(sys.argv[3]))
    os.execv(sys.argv[4], sys.argv[4:])
