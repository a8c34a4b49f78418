"""What an installation books beside the bins."""

from __future__ import annotations

from runtime.core.accounting.accounting import NUMBERS, accounting_of
from runtime.core.site.installation import Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec


def test_only_fluids_with_rules_have_tariffs():
    gas = TariffSpec(1, "Gas", "gas", prices=(Price(1, 1),), unpriced=2)
    accounting = accounting_of(
        Installation(tariffs=(gas, TariffSpec(2, "Unused", unpriced=3)), rules=(RuleSpec(1, 1),))
    )
    assert list(accounting.tariffs) == [NUMBERS["gas"]]
    assert accounting.tariffs[NUMBERS["gas"]].tariff_of(0) == (1, 1)
