"""A site whose recorder really runs: what the web asks of it is done in a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from actors.recorder.recorder import Recorder
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from tests.actors.stage import ManualClock
from tests.actors.stage import Stage as ActorStage
from tests.webui.stage import NOW_TS, Stage, installation, stage, steady_lines


@contextmanager
def recorded_site(path: Path, *, days: int = 3, **changes: Any) -> Iterator[Stage]:
    """Every device took WH_N an hour for some days."""
    store = open_store(path)
    made = stage(store, **changes)
    import_history(store, steady_lines(installation(**changes), days), made.installation)
    actors = ActorStage(ManualClock(NOW_TS))
    actors.views = made.views
    made.views.publish("installation", made.installation)
    actors.add(Recorder(actors.incarnation("recorder"), store))

    def post(name: str, message: object) -> bool:
        heard = actors.directory.post(name, message)
        actors.play()
        actors.clock.advance(1)  # what is to be done within a second
        actors.play()
        return heard

    made.peers = post
    yield made
    store.close()
