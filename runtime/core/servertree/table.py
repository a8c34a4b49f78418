"""What a server of ours says of itself in registers: the servers below it, and what a master may read by Remote ID.

A head of 16 words at ``TABLE_AT`` of unit 247, then two texts in JSON, padded to whole words. Each has a check sum,
as it is read in pieces and may change between two of them.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from zlib import crc32

from runtime.core.modbus.answer import FlatImage
from runtime.core.modbusserver.remoteid import RemoteObject
from runtime.core.servertree.node import NEVER_S, STATES, ServerNode

TABLE_AT = 50_000
HEAD_WORDS = 16
SIGN, LAYOUT = 0x574C, 1  # "WL"
MOST_WORDS = (1 << 16) - TABLE_AT
MOST_SERVERS, MOST_DEPTH, MOST_NAME = 256, 64, 60
_HEAD = struct.Struct(">HHIIII12x")  # sign, layout, octets of the tree, of the objects, their check sums
KINDS = ("all", "device", "load", "group")


class NoTable(ValueError):
    """These registers are no table of ours."""


def encode_table(root: ServerNode, objects: Iterable[RemoteObject]) -> FlatImage:
    """What finds no room is left out: servers that lie deep, objects at the end."""
    tree = _padded(
        [[depth, f"{node.id:x}", node.state, node.age_s, node.name[:MOST_NAME]] for depth, node in _few(root)]
    )
    rows = [[each.remote_id, each.kind, each.id, each.name[:MOST_NAME]] for each in objects]
    offered = _padded(rows)
    while HEAD_WORDS + (len(tree) + len(offered)) // 2 > MOST_WORDS:
        rows = rows[: len(rows) * 3 // 4]
        offered = _padded(rows)
    head = _HEAD.pack(SIGN, LAYOUT, len(tree), len(offered), crc32(tree), crc32(offered))
    return FlatImage(head + tree + offered)


def _few(root: ServerNode) -> Iterable[tuple[int, ServerNode]]:
    shown = [(depth, node) for depth, node in root.walk() if depth <= MOST_DEPTH]
    while len(shown) > MOST_SERVERS:
        deepest = max(depth for depth, _ in shown)
        shown = [(depth, node) for depth, node in shown if depth < deepest]
    return shown


def _padded(rows: Sequence[Sequence[object]]) -> bytes:
    octets = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return octets + b" " * (len(octets) % 2)


class TableHead:
    """Where the two texts stand. Raises NoTable."""

    def __init__(self, octets: bytes) -> None:
        if len(octets) != 2 * HEAD_WORDS:
            raise NoTable("the head is too short")
        sign, layout, self._tree, self._objects, self._tree_sum, self._objects_sum = _HEAD.unpack(octets)
        words = HEAD_WORDS + (self._tree + self._objects) // 2
        if (sign, layout) != (SIGN, LAYOUT) or (self._tree | self._objects) & 1 or words > MOST_WORDS:
            raise NoTable("another sign, layout or size")

    @property
    def tree(self) -> tuple[int, int, int]:
        """Address, words and check sum."""
        return TABLE_AT + HEAD_WORDS, self._tree // 2, self._tree_sum

    @property
    def objects(self) -> tuple[int, int, int]:
        return TABLE_AT + HEAD_WORDS + self._tree // 2, self._objects // 2, self._objects_sum


def decode_tree(octets: bytes) -> ServerNode:
    """Raises NoTable."""
    rows = [_node(row) for row in _rows(octets)[:MOST_SERVERS]]
    if not rows or rows[0][0] != 0:
        raise NoTable("a tree without a root")
    node, behind = _grow(rows, 0)
    if behind != len(rows):
        raise NoTable("a tree of two roots")
    return node


def _grow(rows: Sequence[tuple[int, ServerNode]], at: int) -> tuple[ServerNode, int]:
    """The node in a row with all below it, and the row behind them."""
    depth, node = rows[at]
    parts, at = [], at + 1
    while at < len(rows) and rows[at][0] == depth + 1:
        part, at = _grow(rows, at)
        parts.append(part)
    return ServerNode(node.id, node.name, node.state, node.age_s, tuple(parts)), at


def _node(row: object) -> tuple[int, ServerNode]:
    match row:
        case [int(depth), str(id), str(state), int(age_s), str(name)] if (
            0 <= depth <= MOST_DEPTH and state in STATES and age_s >= NEVER_S and len(id) <= 16
        ):
            try:
                return depth, ServerNode(int(id, 16), name[:MOST_NAME], state, age_s)
            except ValueError:
                pass
    raise NoTable("a row that is no server")


def decode_objects(octets: bytes) -> tuple[RemoteObject, ...]:
    """Raises NoTable."""
    return tuple(_object(row) for row in _rows(octets))


def _object(row: object) -> RemoteObject:
    match row:
        case [int(remote_id), str(kind), int(id), str(name)] if kind in KINDS and 10_000 < remote_id < 40_000:
            return RemoteObject(remote_id, kind, id, name[:MOST_NAME])
    raise NoTable("a row that is no object")


def _rows(octets: bytes) -> list[object]:
    try:
        rows = json.loads(octets)
    except (ValueError, RecursionError) as error:
        raise NoTable("no text of ours") from error
    if not isinstance(rows, list):
        raise NoTable("no list")
    return rows
