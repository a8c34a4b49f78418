"""What is peculiar to cost rules: their order, and the hours of the coming week that none of them covers."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.core.edit.ruleorder import DOWN, UP, move_rule
from runtime.core.tariff.ruleresource import RULE
from runtime.core.tariff.warnings import Gap
from webui.api.request.content import json_object
from webui.api.request.parameter import refuse
from webui.api.site.shape import answer_object
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.billing import ACT_BILLS, SEE_BILLS, gaps_by_fluid
from webui.model.bridge import Bridge
from webui.model.editing import Editing


class TariffApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._editing = Editing(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/rules/gaps", self.gaps)
        yield Route("POST", "/api/v1/rules/<id:int>/move", self.move)

    @needs(*SEE_BILLS)
    def gaps(self) -> bottle.HTTPResponse:
        """Hours of the coming week in which no rule is true, by fluid; fluids without rules are left out."""
        listed = gaps_by_fluid(self._bridge)
        return json_answer({fluid: [_gap(gap) for gap in gaps] for fluid, gaps in listed.items()})

    @needs(*ACT_BILLS)
    def move(self, id: int) -> bottle.HTTPResponse:
        way = json_object().get("to")
        if way not in (UP, DOWN):
            raise refuse("to", "to must be up or down.")
        edited = self._editing.do(lambda: move_rule(id, way), (RULE.word, id))
        return answer_object(self._bridge, RULE, edited.installation.find(RULE, id))


def _gap(gap: Gap) -> dict[str, str]:
    """As rules say it: the last minute is included."""
    start, last = gap.start, gap.end - 1
    return {"day": gap.day, "start": f"{start // 60:02}:{start % 60:02}", "end": f"{last // 60:02}:{last % 60:02}"}
