"""Bill of consumptions: currency, tariffs, cost rules in their order, costs computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import bottle

from runtime.core.accounting.gasfactor import factors_of
from runtime.core.clock.timegrid import local
from runtime.core.site.diff import SITE, etag_of, object_of, site_of
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import FLUIDS, MOST_PRICES, MOST_TARIFFS, TariffSpec, amount_text
from runtime.core.tariff.warnings import Gap
from runtime.text.currencies import offered_currencies
from runtime.text.wording import N_
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.billing import ACT_BILLS, gaps_by_fluid, rules_in_force, rules_of, warnings_of
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

SEE = (("system_configuration", "see"), ("consumptions", "see"))
WEEKDAYS = {
    "mon": N_("Mon"), "tue": N_("Tue"), "wed": N_("Wed"), "thu": N_("Thu"), "fri": N_("Fri"), "sat": N_("Sat"),
    "sun": N_("Sun"),
}  # fmt: skip
COLOURS = ("#d9480f", "#1971c2", "#2f9e44", "#9c36b5", "#e8590c")  # offered for a new tariff, one after the other


class BillPages:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/bill", self.show)
        yield Route("GET", "/setup/bill/tariffs/new", self.new_tariff)
        yield Route("GET", "/setup/bill/tariffs/<id:int>", self.tariff)
        yield Route("GET", "/setup/bill/rules/new", self.new_rule)
        yield Route("GET", "/setup/bill/rules/<id:int>", self.rule)

    @needs(*SEE)
    def show(self) -> str:
        bridge, fluid = self._bridge, _fluid()
        site = bridge.installation()
        return self._page(
            "bill.html",
            fluid,
            rules=[(rule, etag_of(rule), _period(rule)) for rule in rules_of(site, fluid)],
            held={rule.id for rule in rules_in_force(bridge)},
            warnings=warnings_of(bridge, fluid),
            gaps=[_gap(gap) for gap in gaps_by_fluid(bridge).get(fluid, [])],
            today=local(bridge.clock.now_ts(), bridge.zone).date(),
            version_of=lambda tariff: tariff.version_on(local(bridge.clock.now_ts(), bridge.zone).date()),
            site_etag=etag_of(object_of(site, SITE, 0)),
            settings=site_of(site),
            factors=sorted(factors_of(site).items()),
            recomputation=bridge.recomputation(),
        )

    @needs(*ACT_BILLS)
    def new_tariff(self) -> str:
        fluid = _fluid()
        colour = COLOURS[len(self._tariffs(fluid)) % len(COLOURS)]
        return self._page("tariff.html", fluid, tariff=TariffSpec(0, "", fluid, colour), etag="", most=MOST_PRICES)

    @needs(*ACT_BILLS)
    def tariff(self, id: int) -> str:
        spec = object_of(self._bridge.installation(), "tariff", id)
        if spec is None:
            raise not_found("tariff")
        return self._page("tariff.html", spec.fluid, tariff=spec, etag=etag_of(spec), most=MOST_PRICES)

    @needs(*ACT_BILLS)
    def new_rule(self) -> str:
        fluid = _fluid()
        tariffs = self._tariffs(fluid)
        if not tariffs:
            bottle.redirect(f"/setup/bill/tariffs/new?fluid={fluid}")
        return self._page(
            "rule.html", fluid, rule=RuleSpec(0, tariffs[0].id), etag="", has_default=self._default(fluid)
        )

    @needs(*ACT_BILLS)
    def rule(self, id: int) -> str:
        spec = object_of(self._bridge.installation(), "rule", id)
        if spec is None:
            raise not_found("rule")
        fluid = next((t.fluid for t in self._bridge.installation().tariffs if t.id == spec.tariff), "electricity")
        return self._page("rule.html", fluid, rule=spec, etag=etag_of(spec), has_default=self._default(fluid))

    def _page(self, template: str, fluid: str, **values: object) -> str:
        tariffs, currency = self._tariffs(fluid), self._bridge.installation().currency
        return self._shell.page(
            template,
            fluid=fluid,
            kinds=tuple(FLUIDS),
            tariffs=tariffs,
            named={tariff.id: tariff for tariff in tariffs},
            full=len(tariffs) >= MOST_TARIFFS,
            weekdays=WEEKDAYS,
            amount=amount_text,
            volume=fluid in ("water", "gas"),
            currency=currency,
            currencies=offered_currencies(self._shell.language().locale, currency),
            acting=ACT_BILLS,
            **values,
        )

    def _tariffs(self, fluid: str) -> list[TariffSpec]:
        return [tariff for tariff in self._bridge.installation().tariffs if tariff.fluid == fluid]

    def _default(self, fluid: str) -> bool:
        return any(rule.default for rule in rules_of(self._bridge.installation(), fluid))


def _fluid() -> str:
    asked = str(bottle.request.query.get("fluid", "electricity"))
    return asked if asked in FLUIDS else "electricity"


def _period(rule: RuleSpec) -> tuple[date | None, date | None]:
    first, last = (date.fromisoformat(day) if day else None for day in (rule.first, rule.last))
    return first, last


def _gap(gap: Gap) -> tuple[str, str, str]:
    last = gap.end - 1
    return WEEKDAYS[gap.day], f"{gap.start // 60:02}:{gap.start % 60:02}", f"{last // 60:02}:{last % 60:02}"
