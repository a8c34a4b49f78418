"""A recorder at work under the shim: says after each commit up to where samples are on the disk.

python -m tests.faults.powercut.writer FOLDER SLOTS
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from actors.recorder.recorder import Recorder
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.store.env import open_store
from runtime.store.sample import compaction
from tests.actors.stage import ManualClock, Stage
from tests.faults.writer import DEVICES, QUANTITIES
from tests.runtime.store.site import STEP_S, T0, sample

SITE = Installation(
    gateways=(GatewaySpec(1, "Hall", "tcp://hall:502"),),
    devices=tuple(DeviceSpec(id, str(id), 1, id, "m") for id in DEVICES),
)
BLOCKS_EVERY = 25  # slots; what comes after is late for its block and has to win over it


def main(folder: Path, slots: int) -> None:
    store, stage = open_store(folder), Stage(ManualClock(T0))
    stage.views.publish("installation", SITE)
    stage.add(Recorder(stage.incarnation("recorder"), store))
    os.write(1, b"%d\n" % T0)
    for slot in range(slots):
        start_ts = T0 + slot * STEP_S
        stage.clock.step(start_ts + STEP_S - stage.clock.now_ts())
        for device in DEVICES:
            stage.directory.post("recorder", sample(device, start_ts, quantities=QUANTITIES, is_steady=True))
        stage.play()
        assert stage.views.get("recorder").commits == slot + 1
        os.write(1, b"%d\n" % (start_ts + STEP_S))
        if slot % BLOCKS_EVERY == BLOCKS_EVERY - 1:
            compaction.compact(store, T0 + 100 * 86_400)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
