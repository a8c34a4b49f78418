"""The flow picture of the site: power from its sources over the panel boards to the loads, as bars and ribbons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST_NODES = 6  # a column; the smallest are shown as one
_EDGES = (0.0, 49.4, 98.8)  # left edges of the bars, in percent of the width
_WIDTH, _ROOM = 1.2, 0.12  # of a bar, in percent; part of the height that each node has besides its power
_FURTHER = -1  # number of the node that stands for the smallest ones

Key = tuple[str, int]  # kind of node and its number
Sums = Mapping[Key, int]
Links = Mapping[tuple[Key, Key], float]


@dataclass(frozen=True, slots=True)
class Stream:
    """Power that ends at a load, in 0.1 W.

    board  ("board", number), ("meter", number) of the one that measures the board, or ("site", 0)
    load   ("load", number), or ("rest", 0) where no meter tells it
    """

    board: Key
    load: Key
    power_n: int


@dataclass(frozen=True, slots=True)
class Node:
    """A bar, in percent of the picture. ``kind``: grid, produced, board, meter, site, load, rest, export.

    The number -1 stands for several.
    """

    kind: str
    id: int
    power_n: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Flow:
    """``columns``: sources, boards, ends. ``ribbons``: (kind of source or end, path in percent)."""

    columns: tuple[tuple[Node, ...], ...]
    ribbons: tuple[tuple[str, str], ...]


def draw_flow(grid_n: int, produced: Mapping[int, int], streams: Sequence[Stream]) -> Flow | None:
    """The picture, or None where nothing flows.

    grid_n    what comes from the grid; below 0 it goes there
    produced  device -> what it gives, above 0
    streams   what ends where, each above 0
    """
    given = Counter({("grid", 0): max(grid_n, 0), **{("produced", id): power_n for id, power_n in produced.items()}})
    sources, boards = _largest(given), _largest(_sums(streams, lambda each: each.board))
    loads, sold_n = _largest(_sums(streams, lambda each: each.load)), max(-grid_n, 0)
    if not sources or not (loads or sold_n):
        return None
    ends = {**loads, ("export", 0): sold_n} if sold_n else loads
    columns = _stack((sources, boards, ends))
    links = [*_feeds(sources, boards, sold_n).items(), *_ends(streams, boards, loads).items()]
    return Flow(tuple(tuple(each.values()) for each in columns), tuple(_ribbons(columns, links)))


def _sums(streams: Iterable[Stream], key: Callable[[Stream], Key]) -> Counter[Key]:
    sums = Counter[Key]()
    for stream in streams:
        sums[key(stream)] += stream.power_n
    return sums


def _largest(sums: Counter[Key]) -> dict[Key, int]:
    """From the largest on; what is too many goes together, what nobody measures stands last, what is 0 is left out."""
    rest = {key: power_n for key, power_n in sums.items() if key[0] == "rest" and power_n > 0}
    listed = [(key, power_n) for key, power_n in sums.most_common() if power_n > 0 and key not in rest]
    if len(listed) + len(rest) <= MOST_NODES:
        return {**dict(listed), **rest}
    most = MOST_NODES - 1 - len(rest)
    further = {(listed[-1][0][0], _FURTHER): sum(power_n for _, power_n in listed[most:])}
    return {**dict(listed[:most]), **further, **rest}


def _node_of(key: Key, column: Sums) -> Key:
    """The node that stands for it."""
    return key if key in column else next(each for each in column if each[1] == _FURTHER)


def _feeds(sources: Sums, boards: Sums, sold_n: int) -> Links:
    """From sources to boards, each by its part of both; what is sold comes from those that produce."""
    producing = sum(power_n for key, power_n in sources.items() if key[0] == "produced") or 1
    links = dict[tuple[Key, Key], float]()
    sold = {key: sold_n * power_n / producing if key[0] == "produced" else 0 for key, power_n in sources.items()}
    left = {key: power_n - sold[key] for key, power_n in sources.items()}
    whole, used = sum(left.values()) or 1, sum(boards.values())
    for source, power_n in sources.items():
        for board, board_n in boards.items():
            links[source, board] = max(left[source], 0) / whole * board_n if used else 0
        if source[0] == "produced" and sold_n:
            links[source, ("export", 0)] = power_n - max(left[source], 0)
    return links


def _ends(streams: Iterable[Stream], boards: Sums, loads: Sums) -> Links:
    links = Counter[tuple[Key, Key]]()
    for stream in streams:
        links[_node_of(stream.board, boards), _node_of(stream.load, loads)] += stream.power_n
    return links


def _stack(columns: Sequence[Sums]) -> tuple[dict[Key, Node], ...]:
    """Bars of all columns in one scale, each with room for its name."""
    most = max(sum(column.values()) for column in columns)
    scale = 100 * (1 - _ROOM * max(len(column) for column in columns)) / most
    return tuple(_column(column, x, scale) for column, x in zip(columns, _EDGES, strict=True))


def _column(column: Sums, x: float, scale: float) -> dict[Key, Node]:
    room = (100 - scale * sum(column.values())) / (len(column) or 1)
    nodes, y = dict[Key, Node](), room / 2
    for (kind, id), power_n in column.items():
        nodes[kind, id] = Node(kind, id, power_n, x, round(y, 2), round(power_n * scale, 2))
        y += power_n * scale + room
    return nodes


def _ribbons(
    columns: Sequence[Mapping[Key, Node]], links: Iterable[tuple[tuple[Key, Key], float]]
) -> Iterator[tuple[str, str]]:
    """One path for each link; those of a node lie one below the other in the order of the nodes."""
    nodes = {key: node for column in columns for key, node in column.items()}
    left = {key: node.y for key, node in nodes.items()}
    right = dict(left)
    for (source, end), power in links:
        a, b = nodes[source], nodes[end]
        height = power * (a.height / a.power_n)
        if height > 0:
            yield _tint(a, b), _path(a.x + _WIDTH, left[source], b.x, right[end], height)
        left[source] += height
        right[end] += height


def _tint(a: Node, b: Node) -> str:
    return a.kind if a.kind in ("grid", "produced") and b.kind != "export" else b.kind


def _path(x0: float, y0: float, x1: float, y1: float, height: float) -> str:
    middle, below0, below1 = (x0 + x1) / 2, y0 + height, y1 + height
    there = f"C{middle:.1f} {y0:.2f} {middle:.1f} {y1:.2f} {x1:.1f} {y1:.2f}"
    back = f"C{middle:.1f} {below1:.2f} {middle:.1f} {below0:.2f} {x0:.1f} {below0:.2f}"
    return f"M{x0:.1f} {y0:.2f}{there}L{x1:.1f} {below1:.2f}{back}Z"
