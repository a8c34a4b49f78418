"""Two devices with one address: they talk at once, so answers to that address arrive damaged and to no other."""

from __future__ import annotations

SHARED = "address_doubled"
GARBLED = frozenset({"bad_crc", "bad_frame", "bad_count"})
_WINDOW = 0xFFFF  # the last sixteen outcomes, a bit each
_BEGAN = 0x10000  # above them: how many there are is told by the highest bit
SUSPECT_FROM = 6  # damaged answers among the last sixteen
CLEAN_FROM = 8  # outcomes that the others must have


class Outcomes:
    """Of all devices of one bus."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def note(self, device: int, garbled: bool) -> None:
        seen = self._seen.get(device, 1) << 1 | garbled
        self._seen[device] = seen if seen < _BEGAN << 1 else seen & _WINDOW | _BEGAN

    def cause_of(self, device: int, unit: int, code: str, detail: str) -> tuple[str, str]:
        """Code and detail of a failure: what its address tells may say more than the answer itself."""
        garbled = code in GARBLED
        self.note(device, garbled)
        if garbled and self.is_shared(device):
            return SHARED, f"two devices seem to have the address {unit}: {detail}"
        return code, detail

    def is_shared(self, device: int) -> bool:
        """Answers of this device are often damaged while those of all others are not: it is not the cable."""
        others = [seen for id, seen in self._seen.items() if id != device and seen >= 1 << CLEAN_FROM]
        return (
            _count_damaged(self._seen.get(device, 1)) >= SUSPECT_FROM
            and bool(others)
            and not any(map(_count_damaged, others))
        )


def _count_damaged(seen: int) -> int:
    return seen.bit_count() - 1
