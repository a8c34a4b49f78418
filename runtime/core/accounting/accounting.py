"""How an installation books energy: which tariffs an interval has, and whose never-falling totals it adds to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from runtime.core.accounting.assignments import Owners
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.tariff.rules import Tariffs, tariffs_by_fluid
from runtime.core.tariff.tariffs import FLUIDS, amounts

NUMBERS: Mapping[str, int] = MappingProxyType({fluid: QUANTITIES[id].number for fluid, id in FLUIDS.items()})
BILLED = frozenset(NUMBERS.values())  # numbers of the quantities that are summed up and paid for


@dataclass(frozen=True, slots=True, eq=False)
class Accounting:
    """By number of a quantity: its rules, only where there are some, and the price versions it ever had."""

    zone: ZoneInfo
    owners: Owners
    tariffs: Mapping[int, Tariffs]
    versions: Mapping[int, frozenset[int]]


def accounting_of(installation: Installation) -> Accounting:
    zone = zone_of(installation)
    compiled = tariffs_by_fluid(installation.tariffs, installation.rules, zone)
    known = (*installation.tariffs, *installation.former_tariffs)
    versions = {NUMBERS[fluid]: frozenset(amounts(t for t in known if t.fluid == fluid)) for fluid in FLUIDS}
    rules = {NUMBERS[fluid]: rules for fluid, rules in compiled.items()}
    return Accounting(zone, Owners(installation), rules, versions)
