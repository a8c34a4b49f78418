"""Which energy of a meter stands behind the id of a counter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PHASES = ("l1", "l2", "l3")
KINDS = {"active": "wh", "reactive": "varh", "apparent": "vah"}


@dataclass(frozen=True, slots=True)
class Counted:
    """``way`` is import, export or sum (both ways); ``phase`` 0..2, None for all."""

    kind: str
    way: str
    phase: int | None


def _all() -> Iterator[tuple[str, Counted]]:
    for kind, unit in KINDS.items():
        for way in ("import", "export", "sum"):
            yield f"{kind}_energy_{way}_{unit}", Counted(kind, way, None)
            for index, phase in enumerate(PHASES):
                yield f"{kind}_energy_{way}_{phase}_{unit}", Counted(kind, way, index)
        yield f"{kind}_energy_partial_{unit}", Counted(kind, "sum", None)
        yield f"{kind}_energy_{unit}", Counted(kind, "sum", None)
    for index, phase in enumerate(PHASES):
        yield f"apparent_energy_{phase}_vah", Counted("apparent", "sum", index)
    yield "active_energy_import_t1_wh", Counted("active", "import", None)  # a meter left in its first tariff
    yield "active_energy_export_t1_wh", Counted("active", "export", None)
    yield "water_dm3", Counted("active", "import", None)  # what flows in a pipe is rated in dm3 an hour instead of W
    yield "gas_dm3", Counted("active", "import", None)


ENERGIES: dict[str, Counted] = dict(_all())
