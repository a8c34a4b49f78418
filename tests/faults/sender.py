"""A sender to be killed: recorder, owner of alarms and an outlet, whose messages go to the test.

python -m tests.faults.sender FOLDER URL
For each line on its input it forks a life, which says each note that is on disk, until it is killed; "end" lets it
send what is left and end by itself.
"""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from pathlib import Path

from actors.alarm.alarms import AlarmsActor
from actors.mailbox.reply import new_reply, wait_for
from actors.message.outlet import OUTBOX_VIEW, SendNote
from actors.outlet.outlet import OutletActor
from actors.recorder.recorder import Recorder
from drivers.outlets.deadline import Deadline
from drivers.outlets.web import post
from runtime.core.alert.message import MOST_ENTRIES
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.alert.outletkind import ADDRESSES, OutletKind
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.store.env import open_store
from runtime.store.object.alarms import load_alarms
from runtime.store.object.chats import Chats
from runtime.store.object.outbox import load_outbox
from runtime.text.language import Catalogues
from runtime.text.letter import LetterWriter
from tests.actors.stage import LiveStage, eventually

RECIPIENTS = 25
MAIL = OutletSpec(1, "Mail", "posted", True)


class Posted:
    """Delivers to the test by HTTP."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, letter, recipient):
        notes = [entry["text"] for entry in letter.facts["entries"]]
        body = {"id": letter.id, "to": recipient, "notes": notes, "more": letter.facts["more"]}
        post(self._url, json.dumps(body).encode(), {}, Deadline(time.monotonic))


def has_room(stage: LiveStage, recipient: str) -> bool:
    """Whether one more note is written out: beyond what a message holds notes are only counted."""
    outbox = stage.views.get(OUTBOX_VIEW)
    return outbox is not None and not any(
        each.recipient == recipient and not each.begun and len(each.entries) >= MOST_ENTRIES for each in outbox.messages
    )


def live(folder: Path, url: str, first: int, *, is_last: bool) -> None:
    store, stage = open_store(folder), LiveStage()
    stage.views.publish(INSTALLATION_VIEW, Installation(version=1).having(OUTLET, (MAIL,)))
    kind = OutletKind("posted", "Posted", ADDRESSES, lambda *given: Posted(url))

    def load():
        now_ms = stage.clock.now_ms()
        return (*load_alarms(store, now_ms), load_outbox(store, now_ms // 1000))

    stage.start(Recorder(stage.incarnation("recorder"), store))
    writer = LetterWriter(Catalogues(), stage.clock.now_ts)
    stage.start(OutletActor(stage.incarnation("outlet.1"), MAIL, kind, dict, Chats, writer))
    stage.start(AlarmsActor(stage.incarnation("alarms"), load, lambda outlet: None))
    if is_last:
        assert eventually(
            lambda: stage.views.get(OUTBOX_VIEW) is not None and not stage.views.get(OUTBOX_VIEW).messages
        )
        return
    number = first
    while True:
        reply, recipient = new_reply(), f"r{number % RECIPIENTS}@example.org"
        # A slow machine delivers little in such a life, and messages that gather over many lives grow full.
        assert eventually(partial(has_room, stage, recipient))
        stage.directory.post("alarms", SendNote(1, (recipient,), "", f"note.{number}", str(number), reply))
        wait_for(reply, 30.0)
        os.write(1, b"%d\n" % number)
        number += 1


def main(folder: Path, url: str) -> None:
    first = 0
    for line in sys.stdin:
        child = os.fork()
        if not child:
            live(folder, url, first, is_last=line == "end\n")
            os._exit(0)
        os.write(1, b"pid %d\n" % child)
        os.waitpid(child, 0)
        first += 1_000_000
        os.write(1, b"over\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
