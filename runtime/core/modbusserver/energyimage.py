"""Unit 247: each Remote ID is an object of its own, an energy in Wh in four words or in kWh in two."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from runtime.core.modbus.answer import DEVICE_BUSY, ILLEGAL_ADDRESS, ILLEGAL_VALUE, TARGET_SILENT, RegisterImage

STEPS_PER_WH = 1_000
WH_WORDS, KWH_WORDS = 4, 2
_MOST_KWH = (1 << 32) - 1


class EnergyImage:
    """``energies_n``: Remote ID -> energy in 0.001 Wh; None = it is not known yet, ask again.

    silent  Remote IDs of devices that do not answer: what they have counted meanwhile nobody knows
    table   what this server says of itself to others of ours, from an address behind all Remote IDs on
    """

    __slots__ = ("_answers", "_silent", "_table")

    def __init__(
        self,
        energies_n: Mapping[int, int | None],
        silent: Collection[int] = (),
        table: tuple[int, RegisterImage] | None = None,
    ) -> None:
        self._table = table
        self._answers = {id: None if n is None else _octets(n // STEPS_PER_WH) for id, n in energies_n.items()}
        self._silent = frozenset(silent)

    def read(self, at: int, count: int) -> bytes | int:
        if self._table is not None and at >= self._table[0]:
            return self._table[1].read(at - self._table[0], count)
        try:
            octets = self._answers[at]
        except KeyError:
            return ILLEGAL_ADDRESS
        if count not in (WH_WORDS, KWH_WORDS):
            return ILLEGAL_VALUE
        if at in self._silent:
            return TARGET_SILENT
        return DEVICE_BUSY if octets is None else octets[count]


def _octets(energy_wh: int) -> dict[int, bytes]:
    kwh = min(energy_wh // 1_000, _MOST_KWH)
    return {WH_WORDS: energy_wh.to_bytes(8, "big"), KWH_WORDS: kwh.to_bytes(4, "big")}
