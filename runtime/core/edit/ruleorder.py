"""The order in which cost rules are asked."""

from __future__ import annotations

from runtime.core.edit.edits import Edit, find_object
from runtime.core.site.installation import Installation
from runtime.core.tariff.ruleresource import RULE

UP, DOWN = "up", "down"


def move_rule(id: int, way: str) -> Edit:
    """One place up or down among the rules of its fluid; at the end of the list nothing changes."""

    def edit(current: Installation) -> Installation:
        spec, fluids = find_object(current, RULE, id), {tariff.id: tariff.fluid for tariff in current.tariffs}
        places = [at for at, rule in enumerate(current.rules) if fluids.get(rule.tariff) == fluids.get(spec.tariff)]
        here = places.index(current.rules.index(spec))
        other = here + (1 if way == DOWN else -1)
        if not 0 <= other < len(places):
            return current
        rules = list(current.rules)
        rules[places[here]], rules[places[other]] = rules[places[other]], rules[places[here]]
        return current.having(RULE, rules)

    return edit
