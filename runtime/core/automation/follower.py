"""Follows the rules of a site from look to look: what each has to do now.

"on while true" is a level: its output is to be as the condition is. All others act once, when the condition becomes
true; after a restart what was true before does not act again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runtime.core.automation.condition import Condition, Facts
from runtime.core.automation.spec import WHILE, AutomationSpec


@dataclass(frozen=True, slots=True)
class Step:
    """What one look came to.

    begun    rules that have to act once
    levels   "on while true": rule -> whether its output is to be on
    changed  rule -> whether it is true, where that is new; it has to be kept
    """

    begun: tuple[AutomationSpec, ...]
    levels: tuple[tuple[AutomationSpec, bool], ...]
    changed: Mapping[int, bool]


class Follower:
    """``held``: which rules were true before, by id."""

    def __init__(self, held: Mapping[int, bool] | None = None) -> None:
        self.held: dict[int, bool] = dict(held or {})
        self._conditions: list[Condition] = []

    def follow(self, specs: Iterable[AutomationSpec], fluids: Mapping[int, str]) -> None:
        """Take rules as they are now; one that is changed is as if it were new."""
        before = {condition.spec.id: condition.spec for condition in self._conditions}
        self._conditions = [Condition(spec, fluids) for spec in specs if spec.on]
        now = {condition.spec.id: condition.spec for condition in self._conditions}
        for id in list(self.held):
            if id not in now or (id in before and before[id] != now[id]):
                del self.held[id]

    def look(self, facts: Facts) -> Step:
        """What each rule has to do."""
        begun, levels, changed = list[AutomationSpec](), list[tuple[AutomationSpec, bool]](), dict[int, bool]()
        for condition in self._conditions:
            spec, holds = condition.spec, condition.holds(facts)
            if holds is None:
                continue
            if holds != self.held.get(spec.id):
                self.held[spec.id] = changed[spec.id] = holds
                if holds and spec.action != WHILE:
                    begun.append(spec)
            if spec.action == WHILE:
                levels.append((spec, holds))
        return Step(tuple(begun), tuple(levels), changed)
