"""The children of a supervisor in the order of their start, and the deadlines that they wait for."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator

from actors.supervision.child import Child
from runtime.core.view import ChildState


class ChildTable:
    """Children by name. It decides nothing."""

    def __init__(self) -> None:
        self._children: dict[str, Child] = {}
        self._order: list[str] = []
        self._heap: list[tuple[float, int, str]] = []
        self._turns = 0
        self._states: dict[str, ChildState] = {}
        self._touched: set[str] = set()

    def __len__(self) -> int:
        return len(self._children)

    def __iter__(self) -> Iterator[Child]:
        """In the order of their start."""
        return (self._children[name] for name in self._order)

    def get(self, name: str) -> Child | None:
        return self._children.get(name)

    def put(self, child: Child) -> None:
        """In the place of the one of that name, else behind its kind or at the end."""
        name = child.spec.name
        if name not in self._children:
            self._order.insert(self._position(child.spec.kind), name)
        self._children[name] = child
        self.touch(name)

    def _position(self, kind: str) -> int:
        for index in range(len(self._order) - 1, -1, -1) if kind else ():
            if self._children[self._order[index]].spec.kind == kind:
                return index + 1
        return len(self._order)

    def forget(self, name: str) -> None:
        del self._children[name]
        self._order.remove(name)
        self.touch(name)

    def last_of_a_kind(self) -> list[Child]:
        """The child that was started last, and those of its kind that were started right before it."""
        last: list[Child] = []
        for child in reversed(list(self)):
            if last and (not child.spec.kind or child.spec.kind != last[0].spec.kind):
                break
            last.append(child)
        return last

    # ---- deadlines

    def enter(self, child: Child, state: str, due: float = math.inf) -> None:
        """A child's next state; until ``due`` (monotonic seconds) nothing else has to be done for it."""
        self._turns += 1
        child.state, child.due, child.turn = state, due, self._turns
        if due != math.inf:
            heapq.heappush(self._heap, (due, self._turns, child.spec.name))
        self.touch(child.spec.name)

    def take_due(self, now: float) -> Child | None:
        """A child whose deadline has come; None when there is none any more."""
        while self._heap and self._heap[0][0] <= now:
            _, turn, name = heapq.heappop(self._heap)
            child = self._children.get(name)
            if child is not None and child.turn == turn:
                return child
        return None

    def next_due(self) -> float:
        """Monotonic seconds of the next deadline, which may turn out to be outdated; infinite when there is none."""
        return self._heap[0][0] if self._heap else math.inf

    # ---- what others see

    def touch(self, name: str) -> None:
        self._touched.add(name)

    @property
    def changed(self) -> bool:
        """Whether anything is new since ``states`` was asked."""
        return bool(self._touched)

    def states(self) -> tuple[ChildState, ...]:
        for name in self._touched:
            child = self._children.get(name)
            if child is None:
                self._states.pop(name, None)
            else:
                self._states[name] = child.as_seen()
        self._touched.clear()
        return tuple(self._states[name] for name in self._order)
