"""Rules that fight over one output: found when they are saved, so that no output is switched to and fro.

"on while true" shares its output with nobody: it would undo what the other did, each second. "on" and "off" fight when
both can be true of the same source at the same time. Rules by different sources act one after the other, when each
becomes true; that is what somebody wanted who gave an output two of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from runtime.core.automation.condition import COMPARE, limit_n
from runtime.core.automation.spec import DEVICE, MESSAGE, OFF, ON, TARIFF, WHILE, AutomationSpec


def fighting(specs: Sequence[AutomationSpec]) -> Iterator[tuple[AutomationSpec, AutomationSpec]]:
    """Pairs of those that are on; the second one is the later."""
    by_output: dict[tuple[int, str], list[AutomationSpec]] = {}
    for spec in specs:
        if spec.on and spec.action != MESSAGE and spec.target:
            by_output.setdefault((spec.target, spec.command), []).append(spec)
    for sharing in by_output.values():
        yield from (pair for pair in combinations(sharing, 2) if _fight(*pair))


def _fight(one: AutomationSpec, other: AutomationSpec) -> bool:
    actions = {one.action, other.action}
    if WHILE in actions:
        return True
    return actions == {ON, OFF} and _overlap(one, other) and _both_true(one, other)


def _overlap(one: AutomationSpec, other: AutomationSpec) -> bool:
    """Whether their hours and days meet."""
    (start, end), (other_start, other_end) = one.frame, other.frame
    return bool(one.weekdays & other.weekdays) and start < other_end and other_start < end


def _both_true(one: AutomationSpec, other: AutomationSpec) -> bool:
    """Whether one value of their source makes both true; with two sources nobody can say, so it is none."""
    if _source(one) != _source(other):
        return False
    if one.source not in (DEVICE, TARIFF):
        return one.sign == other.sign
    limits = [spec.tariff if spec.source == TARIFF else limit_n(spec) for spec in (one, other)]
    if None in limits:
        return False
    known = sorted(limit for limit in limits if limit is not None)
    tried = [known[0] - 1, *known, (known[0] + known[-1]) / 2, known[-1] + 1]
    return any(COMPARE[one.sign](n, limits[0]) and COMPARE[other.sign](n, limits[1]) for n in tried)


def _source(spec: AutomationSpec) -> AutomationSpec:
    """What tells sources apart."""
    return replace(AutomationSpec(0, "", spec.source, ON), device=spec.device, quantity=spec.quantity, alarm=spec.alarm)
