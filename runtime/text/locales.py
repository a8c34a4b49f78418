"""How a language writes numbers, money and dates. Of all that CLDR knows only this is kept: a tenth of its memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from threading import Lock
from typing import Any

from babel import Locale, localedata
from babel.core import get_global

_LOCK = Lock()  # one at a time takes from what all share
# Of no use here: who speaks what where, names of zones, languages, countries and units.
_WORLD: tuple[Any, ...] = (
    "likely_subtags", "meta_zones", "territory_currencies", "territory_languages", "territory_zones",
    "windows_zone_mapping", "zone_aliases", "zone_territories",
)  # fmt: skip
_WORDS = (
    "compact_currency_formats", "compact_decimal_formats", "compound_unit_patterns",
    "date_fields", "datetime_skeletons", "interval_formats", "languages", "list_patterns", "meta_zones", "scripts",
    "territories", "time_zones", "unit_display_names", "unit_patterns", "variants",
)  # fmt: skip


@lru_cache(maxsize=64)
def locale_of(name: str) -> Locale:
    """As ``fr_BE``. Raises babel's UnknownLocaleError."""
    found = Locale.parse(name)
    with _LOCK:
        for each in (*reversed(tuple(_ancestors(str(found)))), str(found)):
            data = localedata.load(each)
            for word in _WORDS:
                data.pop(word, None)
        for table in _WORLD:
            world = get_global(table)
            if isinstance(world, dict):
                world.clear()
    return found


def _ancestors(name: str) -> Iterator[str]:
    """Whose data a locale inherits, the nearest first."""
    while name != "root":
        name = get_global("parent_exceptions").get(name) or name.rpartition("_")[0] or "root"
        yield name
