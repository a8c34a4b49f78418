"""The settings of the site as a whole: the table [site] of an installation file."""

from __future__ import annotations

from runtime.core.resource.key import Key, a_currency, a_language, a_zone, one_of, within
from runtime.core.resource.schema import Table
from runtime.core.site.spec import EDITIONS
from runtime.core.text.naming import a_name, normalise_text

INTERVALS_S = (60, 300, 600, 900, 1800, 3600)

SITE = Table(
    "site",
    {
        "name": Key((str,), "Wattkeeper", a_name, field="site", tidy=normalise_text),
        "zone": Key((str,), "Europe/Paris", a_zone),
        "currency": Key((str,), "EUR", a_currency),
        "interval_s": Key((int,), 600, one_of(*INTERVALS_S)),
        "gas_wh_per_m3": Key((int,), 0, within(0, 100_000)),
        "edition": Key((str,), "unlimited", one_of(*EDITIONS)),
        "language": Key((str,), "en", a_language),
    },
)
SITE_FIELDS = tuple(rule.field or key for key, rule in SITE.keys.items())  # of the installation
