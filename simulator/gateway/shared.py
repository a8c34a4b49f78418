"""Several devices at one address: modules of different functions, meters on a concentrator, both sides of a station."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simulator.gateway.modbus import ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, Space, Unit

_NOT_MINE = (ILLEGAL_FUNCTION, ILLEGAL_ADDRESS)


class SharedUnit:
    """The first that has the registers answers."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = tuple(units)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units)

    def spaces(self, at_ms: int) -> Mapping[str, Space]:
        joined: dict[str, list[Space]] = {}
        for unit in self._units:
            for name, space in unit.spaces(at_ms).items():
                joined.setdefault(name, []).append(space)
        return {name: _Joined(spaces) for name, spaces in joined.items()}

    def objects(self) -> Mapping[int, bytes]:
        """Those of the first that has any: there is one answer."""
        return next((found for unit in self._units if (found := unit.objects())), {})

    def write(self, space: str, at: int, data: bytes, at_ms: int) -> int:
        """What none of them has is refused as the last of them does."""
        code = ILLEGAL_FUNCTION
        for unit in self._units:
            answer = unit.write(space, at, data, at_ms)
            if answer not in _NOT_MINE:
                return answer
            code = max(code, answer)
        return code


class _Joined:
    def __init__(self, spaces: Sequence[Space]) -> None:
        self._spaces = spaces

    @property
    def most(self) -> int:
        return max(space.most for space in self._spaces)

    def read(self, at: int, count: int) -> bytes | None:
        return next((found for space in self._spaces if (found := space.read(at, count)) is not None), None)
