"""How the C library keeps memory for a program with half a thousand threads. Another C library is left as it is."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable

M_ARENA_MAX, M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -8, -1, -3  # of glibc's malloc.h
LARGE_BYTES = 128 * 1024


def settle() -> None:
    """Before threads start. glibc gives them heaps of their own, sixteen here, each with its leftovers; and it learns
    to keep large buffers for later, of which a page or an answer needs one for a moment.
    """
    with contextlib.suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(M_ARENA_MAX, 1)
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        libc.mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)


def tidier() -> Callable[[], None]:
    """Gives unused pages in the middle of the heap back to the system: a few milliseconds without Python's lock."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return lambda: None

    def tidy() -> None:
        trim(0)

    return tidy
