"""What the supervisor knows of a child before it lives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actors.mailbox.base import Actor, Incarnation
from runtime.core.restarts import CORE, LEAF, RESTART_TYPES, Policy
from runtime.errors import InvariantBroken


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """One child.

    name             its name in the directory
    factory          makes one incarnation; runs in the supervisor's thread, so it opens nothing and waits for nothing
    restart          "permanent", "transient" (again after a crash only) or "temporary" (never again, then forgotten)
    core             the process cannot go on without it; otherwise it is a leaf
    stop_deadline_s  time to end after being asked; then what it holds is closed, then it is abandoned
    kind             neighbours in the order that have the same kind stop at the same time
    exclusive        owns what must not have two owners (a port): no new incarnation starts while an abandoned one hangs
    stuck_s          longest time without a sign of life; longer than any call that it makes
    part             what it was made from; an equal part means that it need not be replaced
    policy           how patient to be; None = the usual for a core child or a leaf
    """

    name: str
    factory: Callable[[Incarnation], Actor]
    restart: str = "permanent"
    core: bool = False
    stop_deadline_s: float = 2.0
    kind: str = ""
    exclusive: bool = False
    stuck_s: float = 30.0
    part: object = None
    policy: Policy | None = None

    @property
    def restart_policy(self) -> Policy:
        return self.policy or (CORE if self.core else LEAF)

    @property
    def beat_s(self) -> float:
        """Time between two signs of life: short where the watchdog wants to know."""
        return min(2.0 if self.core else 10.0, self.stuck_s / 3)


def check_specs(specs: Iterable[ChildSpec], taken: Iterable[str] = ()) -> None:
    """Raises InvariantBroken that names the child and what is wrong with it; nothing is started then."""
    names = set(taken)
    for spec in specs:
        fault = _fault(spec, names)
        if fault:
            raise InvariantBroken("child_spec", f"child {spec.name!r}: {fault}")
        names.add(spec.name)


def _fault(spec: ChildSpec, names: set[str]) -> str:
    if not spec.name:
        return "has no name"
    if spec.name in names:
        return "the name is taken"
    if not callable(spec.factory):
        return f"its factory {spec.factory!r} cannot be called"
    if spec.restart not in RESTART_TYPES:
        return f"restart {spec.restart!r} is none of {', '.join(RESTART_TYPES)}"
    if spec.stop_deadline_s <= 0 or spec.stuck_s <= 0:
        return "its deadlines must be longer than nothing"
    return ""
