"""A site whose installation can be edited: its real owner, a real store, and a recorder that writes at once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from actors.mailbox.reply import answer, refuse
from actors.service.installation import InstallationActor
from runtime.clock import SystemClock
from runtime.core.map.offer import Offer
from runtime.core.site.defaults import complete
from runtime.core.site.installation import Installation
from runtime.errors import StoreError
from runtime.plugin.compiledmaps import Maps
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.settings import default_plugins
from runtime.store.env import Store
from runtime.store.history import History
from runtime.store.object.audit import AuditTrail
from runtime.store.object.site import installation_of, save_installation
from tests.actors.stage import Stage as Actors
from tests.actors.stage import heard
from tests.webui.stage import Answer, Stage
from tests.webui.stage import installation as usual

PLUGINS = load_plugins(default_plugins())
CHECKER = Checker(PLUGINS, SystemClock())


class EditedSite(Stage):
    """``get`` and ``send`` as usual; ``fails`` makes the store refuse."""

    def __init__(self, store: Store, installation: Installation | None = None) -> None:
        begun = installation or complete(usual())
        save_installation(store, begun)
        self.store = store
        self.fails: StoreError | None = None
        self.maps = Maps(PLUGINS)
        read = partial(installation_of, store, begun.resources)
        super().__init__(read(), History(store), map_of=lambda id: self.maps.of.get(id))
        self.maps.follow(self.installation)
        self.actors = Actors()
        self.recorder = self.actors.mailbox("recorder")
        self.trail = AuditTrail(store)
        self.owner = InstallationActor(
            self.actors.incarnation("installation"),
            lambda: (read(), self.trail.last()),
            CHECKER.faults,
            self._followed,
        )
        self.actors.add(self.owner)
        self.peers = self._peer
        offer = Offer(tuple(PLUGINS.families), PLUGINS.maps, PLUGINS.makers)
        self.bridge = replace(self.bridge, audit=self.trail, offer=lambda: offer, checker=lambda: CHECKER)

    def _followed(self, installation: Installation) -> None:
        self.installation = installation
        self.maps.follow(installation)

    def _peer(self, name: str, message: Any) -> bool:
        there = self.actors.directory.post(name, message)
        self.actors.play()
        while asked := heard(self.recorder):
            for each in asked:
                self._write(each)
            self.actors.play()
        return there

    def _write(self, message: Any) -> None:
        if self.fails is not None:
            refuse(message.reply, self.fails)
            return
        with self.store.writing() as txn:
            for kind, key, record in message.records:
                self.store.records.put(txn, kind, key, record)
        answer(message.reply, True)

    def post_text(self, path: str, content: str) -> Answer:
        return self._ask("POST", path, content.encode(), {})

    def patch(self, path: str, value: Any, etag: str = "") -> Answer:
        return self.send("PATCH", path, value, **({"if_match": f'"{etag}"'} if etag else {}))


def codes(answer: Answer) -> list[tuple[str, str]]:
    """(field, code) of each fault."""
    return [(fault["field"], fault["code"]) for fault in answer.json["error"]["faults"]]
