"""A simulated site with a device of each kind that can be told things, and the actors that tell it, all real."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from actors.bus.bus import Bus
from actors.gateway.gateway import Gateway, Periods
from actors.mailbox.mailbox import Mailbox
from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import Command, EventReported
from actors.wire.wireloop import WireHost, WireLoop
from drivers.gateways import BUILT_IN, open_line
from drivers.gateways.modbus import TCP
from runtime.core.decode.compiled import compile_map
from runtime.core.device.command import CommandRequest, Outcome
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from simulator.gateway.punctual import punctual_loop
from simulator.play.installation import installation
from simulator.play.play import Play
from simulator.play.site import Location, Site, locate
from simulator.scenario.models import Models
from simulator.scenario.scenario import parse_scenario
from tests.actors.stage import LAST_RESORT_S, LiveStage, eventually, heard, joined

MODELS = Models()
COMMANDED = [
    id for id in MODELS.ids if not id.startswith(("pulse-", "generic", "wsmeasure")) and MODELS.map(id, {}).commands
]


def scenario(listen: str, turnaround_ms: float) -> str:
    """One device of each kind that takes commands; those with counters measure something."""
    gateway = f'name = "Hall"\nlisten = "{listen}"\nturnaround_ms = {turnaround_ms}\n'
    rows = [f"[site]\norigin = 2026-05-01\n[[gateway]]\n{gateway}"]
    for unit, id in enumerate(COMMANDED, 1):
        counts = any(
            field.quantity.startswith(("active_energy", "active_power_w")) for field in MODELS.map(id, {}).fields
        )
        branch = 'profile = "steady"\nrated_w = 1000\n' if counts else ""
        rows.append(f'[[device]]\nname = "{id}"\ngateway = "Hall"\nunit = {unit}\nmodel = "{id}"\n{branch}')
    return "".join(rows)


class Switchroom:
    """``tell`` asks as the web does; ``trusted`` makes the maps known ones."""

    def __init__(
        self, site: Site, play: Play, loop: asyncio.AbstractEventLoop, *, demo: bool, periods: Periods | None
    ) -> None:
        self.site, self.play, self._loop = site, play, loop
        self.stage = LiveStage()
        self.recorder = Mailbox(self.stage.clock, owner="recorder")
        self.stage.directory.register("recorder", self.recorder)
        whole: Installation = installation(site.scenario)
        self.devices = {spec.name: spec for spec in whole.devices}
        maps = {spec.id: compile_map(site.devices[spec.name].map) for spec in whole.devices}
        gateway, url = replace(whole.gateways[0], timeout_ms=300), play.address("Hall")
        zone = zone_of(whole)
        host, run = WireHost(), self.stage.incarnation
        self._wire = self.stage.start(WireLoop(run("wire"), host))
        lines, own = (TCP.prompt, host) if url.startswith("tcp://") else (partial(open_line, schemes=BUILT_IN), None)
        self.actors = [
            Gateway(run("gateway.1"), gateway, whole.devices, maps, 600, zone, demo=demo, periods=periods, host=host),
            Bus(run("bus.1"), 1, url, lines, host=own),
        ]
        for actor in self.actors:
            self.stage.start(actor)

    def ask(self, device: str, command: str, value: Any, *, request: str = "", within_s: float = LAST_RESORT_S) -> Any:
        reply = new_reply()
        wish = CommandRequest(self.devices[device].id, command, value, "ada", request)
        self.stage.directory.post("gateway.1", Command(wish, self.stage.clock.monotonic() + within_s, reply))
        return reply

    def tell(
        self, device: str, command: str, value: Any, *, request: str = "", within_s: float = LAST_RESORT_S
    ) -> Outcome:
        outcome: Outcome = wait_for(self.ask(device, command, value, request=request, within_s=within_s), within_s + 2)
        return outcome

    def shows(self, device: str, quantity: str) -> Any:
        view = self.stage.views.get(f"device.{self.devices[device].id}")
        return dict(zip(view.quantities, view.values_n, strict=True))[quantity]

    def happens(self, device: str, **wish: Any) -> None:
        """Something in the outside world."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (self.play.change_world({"device": device, **wish}), done.set()))
        assert done.wait(60)

    def fault(self, **wish: Any) -> None:
        asyncio.run_coroutine_threadsafe(self.play.fault({"gateway": "Hall", **wish}), self._loop).result(60)

    def events(self) -> list[EventReported]:
        return [message for message in heard(self.recorder) if isinstance(message, EventReported)]

    def is_read(self) -> bool:
        views = [self.stage.views.get(f"device.{spec.id}") for spec in self.devices.values()]
        return all(view is not None and view.state == "on" for view in views)

    def close(self) -> None:
        for actor in (*reversed(self.actors), self._wire):
            actor.ask_stop()
            actor.close_held()
            assert joined(actor)


@contextmanager
def switchroom(
    folder: Path,
    listen: str = "tcp://127.0.0.1:0",
    *,
    demo: bool = True,
    turnaround_ms: float = 0,
    periods: Periods | None = None,
) -> Iterator[Switchroom]:
    text = scenario(listen, turnaround_ms)
    site = Site(locate(parse_scenario(text, "switchroom.toml", MODELS), Location(folder)), MODELS)
    loop = punctual_loop()
    play = Play(site, lambda: 1_790_000_000_000 + round(loop.time() * 1000))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(play.start(), loop).result(60)
    room = Switchroom(site, play, loop, demo=demo, periods=periods)
    try:
        assert eventually(room.is_read)
        yield room
    finally:
        room.close()
        asyncio.run_coroutine_threadsafe(play.stop(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()
