"""Does the network's time steer this machine's clock? The kernel knows, whichever daemon does it."""

from __future__ import annotations

import ctypes

_STA_UNSYNC = 0x0040  # of linux/timex.h
_STATUS_AT = 40  # byte offset of the status in struct timex on 64-bit Linux
_ROOM = 512  # more than the structure needs


def is_synchronised() -> bool:
    """False also where the question cannot be asked."""
    state = ctypes.create_string_buffer(_ROOM)
    try:
        if ctypes.CDLL(None, use_errno=True).adjtimex(state) < 0:  # modes = 0: only asks
            return False
    except (AttributeError, OSError):
        return False
    status = int.from_bytes(state.raw[_STATUS_AT : _STATUS_AT + 4], "little")
    return not status & _STA_UNSYNC
