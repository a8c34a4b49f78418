"""How a value lies in the store: a CRC-32 over key and content, a version byte, the content.

The version is that of the value's kind (``migration.versions``). What an older program wrote comes out as the newest
would have written it; what a newer one wrote is refused, and never called damaged.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import msgpack

from runtime.store.migration.steps import migrate
from runtime.store.migration.versions import newer_error, newest_of

HEAD = struct.Struct("<IB")


class Damaged(Exception):
    """A value does not match its check sum, or is none of its kind. Never leaves the store."""


def seal(key: bytes, kind: str, content: bytes) -> bytes:
    """In the newest version of its kind."""
    return seal_as(key, newest_of(kind), content)


def seal_as(key: bytes, version: int, content: bytes) -> bytes:
    return HEAD.pack(_check(key, version, content), version) + content


def unseal(key: bytes, value: bytes, kind: str) -> tuple[int, bytes]:
    """(version, content). Raises Damaged, StoreError store_newer."""
    if len(value) < HEAD.size:
        raise Damaged
    crc, version = HEAD.unpack_from(value)
    content = value[HEAD.size :]
    if crc != _check(key, version, content) or not version:
        raise Damaged
    if version > newest_of(kind):
        raise newer_error(kind, key, version)
    return version, content


def open_bytes(key: bytes, value: bytes, kind: str) -> bytes:
    """A content of bytes, as the newest version has it. Raises Damaged, StoreError store_newer."""
    version, content = unseal(key, value, kind)
    migrated: bytes = migrate(kind, version, content)
    return migrated


def open_packed(key: bytes, value: bytes, kind: str) -> Any:
    """A content of plain things, as the newest version has it. Raises Damaged, StoreError store_newer."""
    version, content = unseal(key, value, kind)
    return migrate(kind, version, unpack(content))


def version_of(value: bytes) -> int:
    """Of a sealed value that is whole."""
    version: int = HEAD.unpack_from(value)[1]
    return version


def is_whole(key: bytes, value: bytes) -> bool:
    """Does any sealed value match its check sum?"""
    if len(value) < HEAD.size:
        return False
    crc, version = HEAD.unpack_from(value)
    return bool(crc == _check(key, version, value[HEAD.size :]))


def pack(thing: Any) -> bytes:
    """Plain things (None, numbers, str, bytes, list, dict) as msgpack; a text may hold halves of letters."""
    packed: bytes = msgpack.packb(thing, unicode_errors="surrogatepass")
    return packed


def unpack(content: bytes) -> Any:
    """Raises Damaged where it is no msgpack."""
    try:
        return msgpack.unpackb(content, strict_map_key=False, unicode_errors="surrogatepass")
    except (ValueError, msgpack.UnpackException) as error:
        raise Damaged from error


def _check(key: bytes, version: int, content: bytes) -> int:
    return zlib.crc32(content, zlib.crc32(key, version))
