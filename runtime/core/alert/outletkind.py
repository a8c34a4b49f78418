"""Kinds of outlets, as the hook ``outlets()`` gives them: what each must know, and how it delivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from runtime.core.alert.letter import Letter

ADDRESSES, CHATS, ITSELF = ADDRESSINGS = ("addresses", "chats", "itself")

Settings = Mapping[str, str | int | float]
Monotonic = Callable[[], float]  # seconds that never step


class Outlet(Protocol):
    """Ready to deliver. Opens nothing before it is asked to."""

    def send(self, letter: Letter, recipient: str) -> None:
        """Deliver; returns when the other side has accepted it.

        raises  DeliveryFailed
        """


@dataclass(frozen=True, slots=True)
class Enlisting:
    """One thing that somebody wrote to the outlet. ``name`` is what the sender is called."""

    number: int
    recipient: str
    name: str
    text: str


class ListeningOutlet(Outlet, Protocol):
    """One whose recipients enlist by writing to it."""

    def receive(self, after: int, wait_s: float) -> tuple[Enlisting, ...]:
        """What was written after the number ``after``; waits for something for so long. Raises DeliveryFailed."""

    def reply(self, recipient: str, text: str) -> None:
        """Answer to somebody who wrote. Raises DeliveryFailed."""


@dataclass(frozen=True, slots=True)
class OutletKey:
    """One setting. ``choices``: the values there are, () = any; ``problem``: what is wrong with one, "" = nothing."""

    label: str
    default: str | int = ""
    choices: tuple[str, ...] = ()
    is_needed: bool = False
    problem: Callable[[str | int | float], str] = lambda value: ""


@dataclass(frozen=True, slots=True)
class OutletKind:
    """One kind.

    addressing    whom it reaches: "addresses" that each alert names, "chats" that enlisted, or "itself"
    keys          settings by name
    secrets       what it must know and nobody may read: label by name
    make          (settings with their defaults, secrets, monotonic) -> Outlet, with "chats" a ListeningOutlet
    own_address   whom a test goes to, of those with addresses
    needs_secret  (name, settings) -> whether it cannot do without
    """

    id: str
    title: str
    addressing: str
    make: Callable[[Settings, Mapping[str, str], Monotonic], Outlet]
    keys: Mapping[str, OutletKey] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    own_address: Callable[[Settings], str] = lambda settings: ""
    needs_secret: Callable[[str, Settings], bool] = lambda name, settings: True

    def complete(self, parameters: Settings) -> Settings:
        """With the defaults of what was left out."""
        return {**{name: key.default for name, key in self.keys.items()}, **parameters}

    def problems(self, parameters: Settings) -> list[tuple[str, str]]:
        """(name, what is wrong) of settings."""
        wrong = [(name, "there is no such setting") for name in parameters if name not in self.keys]
        for name, key in self.keys.items():
            value = parameters.get(name, key.default)
            if type(value) is not type(key.default):
                wrong.append((name, "is not a text" if isinstance(key.default, str) else "is not a whole number"))
            elif key.is_needed and value == "":
                wrong.append((name, "is missing"))
            elif value != "" and key.choices and value not in key.choices:
                wrong.append((name, f"{value!r} is none of {', '.join(key.choices)}"))
            elif value != "" and (problem := key.problem(value)):
                wrong.append((name, problem))
        return wrong
