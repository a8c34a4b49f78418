"""What the owner of rules shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.viewboard import ViewKey


@dataclass(frozen=True, slots=True)
class RuleState:
    """One rule.

    holds     whether its condition is true, None = nobody knows yet
    acted_ms  UTC ms of its last act, 0 = never since the start
    code, detail  why its last act failed, "" = it did not
    """

    holds: bool | None = None
    acted_ms: int = 0
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AutomationsView:
    """Published as ``automations``. ``rules``: by the id of the rule."""

    rules: Mapping[int, RuleState] = field(default_factory=dict)


AUTOMATIONS_VIEW = ViewKey[AutomationsView]("automations")
