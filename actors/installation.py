"""The owner of the installation: one frozen tree with a version, published as a view, replaced as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actors.base import COMMAND, Actor, Life
from actors.messages import Begin
from actors.reply import answer, refuse
from runtime.core.assignments import dated
from runtime.core.installation import Installation
from runtime.errors import WattkeeperError

VIEW = "installation"


@dataclass(frozen=True, slots=True)
class ReplaceInstallation:
    """Take this tree if ours still has the version it was made from; answered with it. Web -> installation.

    Refused with ``version_stale`` when somebody else was faster.
    """

    expected_version: int
    installation: Installation
    reply: Any


def _nobody_minds(_installation: Installation) -> None:
    """For an installation that nobody has to follow."""


class InstallationActor(Actor):
    """Publishes what is configured.

    on_change  called in this actor's thread with each new tree, after it was published; must not wait
    """

    PRIORITY = {ReplaceInstallation: COMMAND}

    def __init__(
        self, life: Life, installation: Installation, on_change: Callable[[Installation], None] = _nobody_minds
    ) -> None:
        super().__init__(life)
        newest = life.views.get(VIEW)  # of an earlier life: what was accepted is not taken back by a restart
        self._installation = max(installation, newest or installation, key=lambda tree: tree.version)
        self._on_change = on_change

    def on_receive(self, message: Any) -> None:
        match message:
            case Begin():
                self.publish(VIEW, self._installation)
            case ReplaceInstallation():
                self._replace(message)

    def _replace(self, message: ReplaceInstallation) -> None:
        version = self._installation.version
        if message.expected_version != version:
            refuse(message.reply, _stale(message.expected_version, version))
            return
        if message.installation.version <= version:
            refuse(message.reply, _stale(message.installation.version, version))
            return
        self._installation = dated(self._installation, message.installation, self.clock.now_ts())
        self.publish(VIEW, self._installation)
        self._on_change(self._installation)
        answer(message.reply, self._installation)


def _stale(expected: int, version: int) -> WattkeeperError:
    return WattkeeperError("version_stale", f"version {expected} was changed meanwhile; it is now {version}")
