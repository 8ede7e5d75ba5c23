"""The id of the request that is answered here and now, or of the one that made the present job necessary: every log line has it.

It is known to the thread (or task of asyncio) that does the work. Nothing of Django here: the spool uses it too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_present: ContextVar[str] = ContextVar("request_id", default="")


def get_request_id() -> str:
    """Return the id; empty for what no request caused."""
    return _present.get()


def set_request_id(request_id: str) -> None:
    """Set the id for the rest of this task of asyncio, which serves one request."""
    _present.set(request_id)


@contextmanager
def use_request_id(request_id: str) -> Iterator[None]:
    earlier = _present.set(request_id)
    try:
        yield
    finally:
        _present.reset(earlier)
