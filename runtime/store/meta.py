"""LMDB's two meta pages, read by hand: LMDB itself aborts the process, or the kernel does, where pages are damaged.

The newer one that is whole tells how many pages the file must have. Layout of LMDB 0.9 on 64 bit (mdb.c, MDB_meta).
"""

from __future__ import annotations

import struct
from pathlib import Path

_MAGIC, _VERSION = 0xBEEFC0DE, 1
_P_META = 0x08
_PAGE = struct.Struct("<QHHHH")  # number, pad, flags, lower, upper
_META = struct.Struct("<IIQQ" + "IHHQQQQQ" * 2 + "QQ")
_PAGE_SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768)


def check_meta(file: Path) -> str:
    """ "" when the file can be opened, else what is wrong with it. A file that is not there yet is fine."""
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            first = opened.read(_PAGE.size + _META.size)
            page_size = _page_size(first)
            opened.seek(page_size)
            second = opened.read(_PAGE.size + _META.size)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if size == 0:
        return ""
    metas = [meta for meta in (_meta(first, 0), _meta(second, 1)) if meta]
    if not metas:
        return "neither of its two meta pages is one of LMDB's"
    _, last_page = max(metas)
    if size < (last_page + 1) * page_size:
        return f"it is cut off: {size} bytes, but its last page is number {last_page}"
    return "" if len(metas) == 2 else "one of its two meta pages is damaged"


def _page_size(first: bytes) -> int:
    """Told by the free list's descriptor in the first meta page; the usual one where that is damaged."""
    if len(first) < _PAGE.size + _META.size:
        return 4096
    told: int = _META.unpack_from(first, _PAGE.size)[4]
    return told if told in _PAGE_SIZES else 4096


def _meta(page: bytes, number: int) -> tuple[int, int] | None:
    """(transaction, last page) of a meta page, None where it is none."""
    if len(page) < _PAGE.size + _META.size:
        return None
    told, _, flags, _, _ = _PAGE.unpack_from(page)
    magic, version, *_, last_page, transaction = _META.unpack_from(page, _PAGE.size)
    if (told, flags & _P_META, magic, version & 0xFF) != (number, _P_META, _MAGIC, _VERSION):
        return None
    return transaction, last_page
