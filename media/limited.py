"""Run as a script: puts limits on this process and becomes the program named after them.

    python -I -S limited.py BYTES CPU_SECONDS PROGRAM ARGUMENTS…

A script of its own because a process with threads must not run Python between fork and exec.
"""

import ctypes
import os
import resource
import signal
import sys

MEMORY = 4 << 30
FILES = 64
PR_SET_PDEATHSIG = 1


def main() -> None:
    most_bytes, seconds, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    limits = {
        resource.RLIMIT_FSIZE: most_bytes,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))
    os.nice(5)
    if sys.platform == "linux":  # killed together with the worker, however that one ends
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:
            sys.exit(1)
    os.execv(program, sys.argv[3:])


main()
