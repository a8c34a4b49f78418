"""Unit 246: the registers of all live values at a moment, laid out as the allocation says."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from functools import lru_cache

from runtime.core.modbus.answer import FlatImage
from runtime.core.modbusserver.allocation import Allocation, Block
from runtime.core.modbusserver.energyimage import STEPS_PER_WH
from runtime.core.modbusserver.registerrow import BY_NUMBER, NO_COUNT, code_of, number_of
from runtime.core.modbusserver.remoteid import DEVICES
from runtime.core.view import DeviceView

SIGN, LAYOUT = 0x574B, 1  # "WK", and the version of this layout
STATES = {"unknown": 0, "on": 1, "off": 2, "communication_error": 3, "configuration_error": 4}
GONE = 5
NO_VALUE, NEVER = 0xFF, 0xFFFF  # of a quality, of an age
_LONGEST_S = NEVER - 1
_NEVER_READ = NEVER.to_bytes(2, "big")
_HEAD = struct.Struct(">HHIHHQ12x")
_BLOCK = struct.Struct(">HHHHq")

Views = Callable[[int], DeviceView | None]


class LiveTable:
    """Lays out what changed since the last time, and ages anew. Not for threads."""

    def __init__(self) -> None:
        self._laid: dict[int, tuple[DeviceView | None, bytes]] = {}  # address of a block -> its values and qualities

    def image(
        self,
        allocation: Allocation,
        there: frozenset[int],
        view_of: Views,
        energies_n: Mapping[int, int | None],
        now_ms: int,
    ) -> FlatImage:
        """``there``: devices that are configured. ``energies_n``: Remote ID -> energy in 0.001 Wh."""
        views = {block.device: view_of(block.device) if block.device in there else None for block in allocation.blocks}
        parts = [_HEAD.pack(SIGN, LAYOUT, len(allocation.blocks), len(views), min(allocation.end, NEVER), now_ms)]
        for block in allocation.blocks:
            view = views[block.device]
            energy_n = energies_n.get(DEVICES + block.device)
            state = GONE if block.device not in there else STATES["unknown" if view is None else view.state]
            parts += (
                _block_head(block, state, view, energy_n, now_ms),
                self._values(block, view),
                _ages(block, view, now_ms),
            )
        return FlatImage(b"".join(parts))

    def _values(self, block: Block, view: DeviceView | None) -> bytes:
        known = self._laid.get(block.at)
        if known is None or known[0] is not view:
            known = self._laid[block.at] = (view, _lay_out(block, view))
        return known[1]


def _block_head(block: Block, state: int, view: DeviceView | None, energy_n: int | None, now_ms: int) -> bytes:
    newest_ms = max(view.ts_ms, default=0) if view is not None else 0
    energy_wh = NO_COUNT if energy_n is None else energy_n // STEPS_PER_WH
    return _BLOCK.pack(block.device, state, _age_s(newest_ms, now_ms), len(block.numbers), energy_wh)


def _lay_out(block: Block, view: DeviceView | None) -> bytes:
    values_n = {} if view is None else dict(zip(view.quantities, view.values_n, strict=True))
    quality = {} if view is None else dict(zip(view.quantities, view.quality, strict=True))
    values = [number_of(each, values_n.get(each.id)) for each in block.quantities]
    known = (each.id if isinstance(values_n.get(each.id), int) else "" for each in block.quantities)
    return _layout(block.numbers).pack(*values, *(quality.get(id, NO_VALUE) for id in known))


def _ages(block: Block, view: DeviceView | None, now_ms: int) -> bytes:
    if view is None:
        return _NEVER_READ * len(block.numbers)
    age_s = {ts_ms: _age_s(ts_ms, now_ms) for ts_ms in {0, *view.ts_ms}}
    read_ms = dict(zip(view.quantities, view.ts_ms, strict=True))
    return struct.pack(f">{len(block.numbers)}H", *(age_s[read_ms.get(id, 0)] for id in _ids(block.numbers)))


def _age_s(ts_ms: int, now_ms: int) -> int:
    return min(_LONGEST_S, max(0, now_ms - ts_ms) // 1000) if ts_ms else NEVER


@lru_cache(maxsize=1024)
def _layout(numbers: tuple[int, ...]) -> struct.Struct:
    codes = [code_of(BY_NUMBER[number]) for number in numbers]
    return struct.Struct(f">{''.join(codes)}{len(numbers)}H")


@lru_cache(maxsize=1024)
def _ids(numbers: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(BY_NUMBER[number].id for number in numbers)
