"""What the loaded plugins offer to an installer: families, kinds of devices, catalogue numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.core.map.devicemodel import DeviceModel
from runtime.core.map.family import Family
from runtime.core.map.labels import CatalogueEntry


@dataclass(frozen=True, slots=True)
class Offer:
    """``maps`` by id, those of a folder among them; ``made`` are ids whose map is made from parameters."""

    families: Sequence[Family] = ()
    maps: Mapping[str, DeviceModel] = field(default_factory=dict)
    made: Collection[str] = ()

    @property
    def entries(self) -> dict[str, CatalogueEntry]:
        """By number."""
        return {entry.number: entry for family in self.families for entry in family.entries}
