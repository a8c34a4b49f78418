"""The plugin ``meters``: the meters that come with Wattkeeper, those of SunSpec and the generic one."""

from __future__ import annotations

from drivers.families.catalogue import load_maps
from drivers.families.generic import EXAMPLE, ID, generic_map
from drivers.families.sunspec.models import family as sunspec
from runtime.core.family import Family
from runtime.hookspecs import hookimpl


@hookimpl
def families() -> list[Family]:
    return [
        Family("meters", "Meters", tuple(load_maps().values())),
        sunspec(),
        Family("generic", "Other devices", (generic_map(EXAMPLE),), {ID: generic_map}),
    ]
