"""Budgets and leaks: the list, and a dialogue that adds and edits."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.budget.budget import BUDGETS, FLUIDS, KINDS, PERIODS, BudgetSpec
from runtime.core.site.diff import etag_of
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell


class BudgetSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/budgets", self.show)

    @needs(("system_configuration", "see"), ("alarms", "see"))
    def show(self) -> str:
        site = self._bridge.installation()
        return self._shell.page(
            "setup/budgets.html",
            rows=[(spec, etag_of(spec), self._name(spec)) for spec in site.of(BUDGETS)],
            devices=[(device.id, device.name) for device in site.devices],
            loads=[(load.id, load.name) for load in site.loads],
            groups=[(group.id, group.name) for group in site.groups],
            kinds=KINDS,
            fluids=FLUIDS,
            periods=PERIODS,
        )

    def _name(self, spec: BudgetSpec) -> str:
        """Of what is watched; "" = everything."""
        site = self._bridge.installation()
        for id, listed in ((spec.device, site.devices), (spec.load, site.loads), (spec.measure_group, site.groups)):
            if id:
                return next((each.name for each in listed if each.id == id), "?")
        return ""
