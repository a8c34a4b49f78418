"""The whole server polling as fast as its gateways answer, beside a storm of alarms: GATEWAYS FIRST_PORT SECONDS CAUSES

Of so many causes each comes and goes by turns, so that with 4,000 more than 10,000 alarms a minute change; their
messages gather for a mail server that cannot be reached.
"""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from actors.alarm.alarms import AlarmsActor
from actors.alarm.consumption import ConsumptionWatch
from runtime.app import STACK_BYTES, Server
from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.alarms import Alarms
from runtime.core.alarm.condition import Cause, Conditions
from runtime.core.alert.alert import ALERT, AlertSpec
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.site.installation import Installation
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import installation_of, save_installation
from tests.bench.players.server import AS_FAST_AS_THEY_ANSWER, buses, configure

PRESENT_S, TURN_S = 2.0, 22.0  # of each turn; an alarm is over after 10 s without its cause, in the end it flaps
SETTLED_S = 5.0
LOOKS = 4  # at memory while it is measured
MAIL = {"sender": "a@example.org", "server": "127.0.0.1", "port": 1, "encryption": "none"}


class Storm:
    """Stands in for what watches consumption; counts what the alarms made of it, and the time of their owner."""

    def __init__(self, causes: int) -> None:
        self._causes = tuple(Cause("budget", "server", str(number)) for number in range(causes))
        self.changes, self.used_s = 0, 0.0

    def causes(self, site: Installation) -> Mapping[Cause, str]:
        now, count = time.monotonic(), max(1, len(self._causes))
        present = (index for index in range(len(self._causes)) if (now + TURN_S * index / count) % TURN_S < PRESENT_S)
        return {self._causes[index]: "" for index in present}

    def listen(self) -> None:
        """From now on it is asked instead, and counts."""
        look, receive = Alarms.look, AlarmsActor.on_receive

        def counted(alarms: Alarms, conditions: Conditions, now_ms: int, now: float) -> list[Alarm]:
            changed = look(alarms, conditions, now_ms, now)
            self.changes += len(changed)
            return changed

        def timed(owner: AlarmsActor, message: object) -> None:
            began = time.thread_time()
            receive(owner, message)  # type: ignore[arg-type]
            self.used_s += time.thread_time() - began

        ConsumptionWatch.causes = lambda watch, site: self.causes(site)  # type: ignore[method-assign]
        Alarms.look = counted  # type: ignore[method-assign]
        AlarmsActor.on_receive = timed  # type: ignore[method-assign]


def alert(folder: Path) -> None:
    """Somebody wants a mail of each."""
    store = open_store(folder)
    site = installation_of(store)
    outlets = (OutletSpec(1, "Mail", "mail", True, "", MAIL),)
    alerts = (AlertSpec(1, "measure_threshold", 1, "anna@example.org, bert@example.org"),)
    save_installation(store, site.having(OUTLET, outlets).having(ALERT, alerts))
    store.close()


def resident_kb() -> int:
    """Memory that is no file's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def main(gateways: int, first_port: int, seconds: float, causes: int) -> None:
    threading.stack_size(STACK_BYTES)
    storm = Storm(causes)
    storm.listen()
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder), gateways, first_port)
        alert(Path(folder))
        server = Server(
            Settings(Path(folder), default_plugins(), Address("127.0.0.1", 0)), periods=AS_FAST_AS_THEY_ANSWER
        )
        server.start()
        time.sleep(SETTLED_S + (TURN_S if causes else 0))
        before, changes, used_s = buses(server), storm.changes, storm.used_s
        memory_kb = [resident_kb()]
        for _ in range(LOOKS):
            time.sleep(seconds / LOOKS)
            memory_kb.append(resident_kb())
        after = buses(server)
        changes, used_s = storm.changes - changes, storm.used_s - used_s
        server.stop()
    rate = sum((after[id].polls - bus.polls) / (after[id].at - bus.at) for id, bus in before.items())
    print(
        json.dumps(
            {
                "polls_per_s": rate, "changes_per_min": changes * 60 / seconds, "owner_pct": 100 * used_s / seconds,
                "grown_kb": max(later - sooner for sooner, later in pairwise(memory_kb[LOOKS // 2 :])),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
