"""The root of all actors: one directory, one supervisor, and the list of children that should live."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actors.mailbox.directory import Directory
from actors.supervision.childspec import ChildSpec, check_specs
from actors.supervision.supervisor import Supervisor
from runtime.clock import Clock
from runtime.viewboard import Views


class Root:
    """Runs the children it is given; a new list starts, stops and replaces only what differs.

    on_fatal  as for ``Supervisor``: called from its thread with a code and a sentence; must return at once
    """

    def __init__(self, clock: Clock, views: Views, on_fatal: Callable[[str, str], None]) -> None:
        self.directory = Directory()
        self.supervisor = Supervisor(self.directory, clock, views, on_fatal)
        self._specs: dict[str, ChildSpec] = {}

    def run(self, specs: Sequence[ChildSpec]) -> None:
        """Start all in their order and return. Raises InvariantBroken, with nobody started, when a spec is faulty."""
        self.supervisor.start(specs)
        self._specs = {spec.name: spec for spec in specs}

    def follow(self, specs: Sequence[ChildSpec]) -> None:
        """From now on these. A child whose ``part`` is equal goes on undisturbed. One caller at a time."""
        check_specs(specs)
        wanted = {spec.name: spec for spec in specs}
        before, self._specs = self._specs, wanted
        for name in reversed([name for name in before if name not in wanted]):
            self.supervisor.remove(name)
        for name, spec in wanted.items():
            if name not in before:
                self.supervisor.add(spec)
            elif spec.part != before[name].part:
                self.supervisor.replace(spec)

    def stop(self, timeout_s: float = 60.0) -> bool:
        """End all in reverse order. True when every thread ended within its deadline."""
        return self.supervisor.stop(timeout_s)
