"""How many files the process may have open, and who goes without when there are few: pages come before devices."""

from __future__ import annotations

import errno
import os
import resource

SHARE = 4  # pages, store and children keep one part in so many
LEAST_KEPT, MOST_KEPT = 24, 256


def files_limit() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft if soft != resource.RLIM_INFINITY else 1 << 20


def kept_for_pages(limit: int) -> int:
    """Descriptors that no line to a device may take."""
    return max(LEAST_KEPT, min(MOST_KEPT, limit // SHARE))


def clients_at_once(limit: int) -> int:
    """How many may be connected to the pages: each costs one, two more while it is answered."""
    return max(8, kept_for_pages(limit) // 3)


def check_room() -> None:
    """Before a line is opened. Raises OSError EMFILE when what is left is for the pages."""
    limit = files_limit()
    lowest = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)  # the lowest free number: about as many are open
    os.close(lowest)
    if lowest >= limit - kept_for_pages(limit):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
