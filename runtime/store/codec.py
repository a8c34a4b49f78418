"""How a value lies in the store: a CRC-32 over key and content, a version byte, the content."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import msgpack

HEAD = struct.Struct("<IB")


class Damaged(Exception):
    """A value does not match its check sum or is of an unknown version. Never leaves the store."""


def seal(key: bytes, version: int, content: bytes) -> bytes:
    return HEAD.pack(_check(key, version, content), version) + content


def unseal(key: bytes, value: bytes, newest: int) -> tuple[int, bytes]:
    """(version, content). Raises Damaged."""
    if len(value) < HEAD.size:
        raise Damaged
    crc, version = HEAD.unpack_from(value)
    content = value[HEAD.size :]
    if crc != _check(key, version, content) or not 1 <= version <= newest:
        raise Damaged
    return version, content


def is_whole(key: bytes, value: bytes) -> bool:
    """Does any sealed value match its check sum?"""
    if len(value) < HEAD.size:
        return False
    crc, version = HEAD.unpack_from(value)
    return bool(crc == _check(key, version, value[HEAD.size :]))


def pack(thing: Any) -> bytes:
    """Plain things (None, numbers, str, bytes, list, dict) as msgpack."""
    packed: bytes = msgpack.packb(thing)
    return packed


def unpack(content: bytes) -> Any:
    """Raises Damaged where it is no msgpack."""
    try:
        return msgpack.unpackb(content, strict_map_key=False)
    except (ValueError, msgpack.UnpackException) as error:
        raise Damaged from error


def _check(key: bytes, version: int, content: bytes) -> int:
    return zlib.crc32(content, zlib.crc32(key, version))
