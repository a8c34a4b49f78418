"""The settings of the site as a whole: the table [site] of an installation file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from runtime.core.resource.key import Key, Problem, a_language, a_zone, one_of, within
from runtime.core.resource.schema import Table
from runtime.core.site.spec import EDITIONS
from runtime.core.tariff.currency import a_currency
from runtime.core.text.naming import a_name, normalise_text

INTERVALS_S = (60, 300, 600, 900, 1800, 3600)

MOST_WH = 100_000  # of a cubic metre of gas
MOST_FACTORS = 400


def some_factors(factors: Mapping[Any, Any]) -> Problem:
    """Wh of a cubic metre by the ISO date from which it holds, "" = from ever."""
    if len(factors) > MOST_FACTORS:
        return "out_of_range", f"{len(factors)} factors are too many, {MOST_FACTORS} at most"
    for since, wh_per_m3 in factors.items():
        if since and not _is_day(since):
            return f"{since!r:.80} is not a date such as 2026-12-25"
        if isinstance(wh_per_m3, bool) or not isinstance(wh_per_m3, int) or not 0 <= wh_per_m3 <= MOST_WH:
            return "out_of_range", f"{wh_per_m3!r:.80} is not a whole number from 0 to {MOST_WH}"
    return None


def _is_day(text: Any) -> bool:
    try:
        return bool(date.fromisoformat(text).isoformat() == text)
    except (TypeError, ValueError):
        return False


SITE = Table(
    "site",
    {
        "name": Key((str,), "Wattkeeper", a_name, field="site", tidy=normalise_text),
        "zone": Key((str,), "Europe/Paris", a_zone),
        "currency": Key((str,), "EUR", a_currency),
        "interval_s": Key((int,), 600, one_of(*INTERVALS_S)),
        "gas_wh_per_m3": Key((int,), 0, within(0, MOST_WH)),
        "gas_factors": Key((dict,), {}, some_factors),
        "edition": Key((str,), "unlimited", one_of(*EDITIONS)),
        "language": Key((str,), "en", a_language),
        "connections_per_host": Key((int,), 32, within(1, 1_000)),
    },
)
SITE_FIELDS = tuple(rule.field or key for key, rule in SITE.keys.items())  # of the installation
