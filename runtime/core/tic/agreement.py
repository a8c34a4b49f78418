"""Free texts count once two telegrams in a row have the same: a check sum does not see the highest of seven bits."""

from __future__ import annotations

from dataclasses import replace

from runtime.core.tic.group import Group
from runtime.core.tic.telegram import Telegram

TEXTS = ("NGTF", "LTARF", "MSG1", "MSG2")


class Agreement:
    """What the texts of one connection's telegrams are. Until another text came twice, the former one holds."""

    def __init__(self) -> None:
        self._newest: dict[str, bytes] = {}
        self._agreed: dict[str, Group] = {}

    def settle(self, telegram: Telegram) -> Telegram:
        """The telegram with agreed texts; without those that nothing agrees on yet."""
        groups = dict(telegram.groups)
        for label in TEXTS:
            group = groups.pop(label, None)
            if group is None:
                continue
            if self._newest.get(label) == group.datum:
                self._agreed[label] = group
            self._newest[label] = group.datum
            if label in self._agreed:
                groups[label] = self._agreed[label]
        return replace(telegram, groups=groups)
