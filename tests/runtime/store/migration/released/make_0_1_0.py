"""Makes the data folder of release 0.1.0, with the code of that release: README.md beside this file tells how.

python make_0_1_0.py OUT: writes OUT/data.mdb and OUT/pepper, and OUT/expected.json, which is what 0.1.0 reads there.
"""

import json
import sys
from dataclasses import asdict, astuple, replace
from pathlib import Path

from actors.chores import RECORD as OUTCOMES
from actors.chores import as_record as outcomes_record
from runtime.__main__ import main
from runtime.core.access import rights_of
from runtime.core.accesschange import AddToken, AddUser, By, changed
from runtime.core.accessdelays import Delays
from runtime.core.accesssession import Entry, entered
from runtime.core.audit import AuditEntry
from runtime.core.books import books_of
from runtime.core.changes import changes_between
from runtime.core.corrections import Correction
from runtime.core.installation import Assignment
from runtime.core.installationfile import dump
from runtime.core.sitezone import zone_of
from runtime.core.view import Outcome
from runtime.entrance import prepare
from runtime.store import compaction
from runtime.store.access import as_record, delay_records, load_access, save_access
from runtime.store.audit import AuditTrail
from runtime.store.bins import KEY, get_cell
from runtime.store.checkpoints import keep_checkpoint
from runtime.store.corrections import corrections
from runtime.store.counters import all_ledgers
from runtime.store.env import open_store
from runtime.store.events import add_event, list_events
from runtime.store.medium import RECORD as MEDIUM
from runtime.store.operations import Operations
from runtime.store.retention import RECORD as SAMPLES
from runtime.store.rows import Rows
from runtime.store.site import furnished, installation_of, save_edit
from runtime.vault import Vault, key_hash, pepper_of
from tests.runtime.store.site import ENERGY, STEP_S, T0, book, index_n, sample

KEY_OF_TOKEN = "the key of the token in the fixture of release 0.1.0"
LATER = T0 + 60 * 86_400
HOT = LATER - LATER % STEP_S
NOW = HOT + 12 * STEP_S
SITE = """
[site]
name = "Werkstatt"
currency = "CHF"
gas_wh_per_m3 = 11_200

[[board]]
name = "Ground floor"

[[gateway]]
name = "Main switchboard"
url = "tcp://127.0.0.1:1"
board = "Ground floor"

[[load]]
name = "Ovens"

[[group]]
name = "Everything that is hot"

[[device]]
name = "Incomer"
gateway = "Main switchboard"
unit = 5
model = "legrand-412053"

[[device]]
name = "Oven"
gateway = "Main switchboard"
unit = 6
model = "legrand-412053"
load = "Ovens"
groups = ["Everything that is hot"]

[[device]]
name = "Lights"
gateway = "Main switchboard"
unit = 7
model = "legrand-412053"
load = "Lighting"
excluded = true

[[tariff]]
name = "Peak"
prices = [{price = "0.1742"}, {price = "0.1861", from = 2026-02-01}]

[[tariff]]
name = "Off-peak"
price = "0.1207"

[[rule]]
tariff = "Peak"
start = "06:00"
end = "21:59"
days = ["mon", "tue", "wed", "thu", "fri"]

[[rule]]
tariff = "Off-peak"
default = true
"""


def configure(out):
    store = open_store(out)
    prepare(store, Vault(pepper_of(out), cost=(1, 8)), demo=True)
    furnished(store, T0)
    store.close()
    (out / "site.toml").write_text(SITE, encoding="utf-8")
    assert main(["load", str(out / "site.toml"), "--data", str(out)]) == 0
    (out / "site.toml").unlink()


def edit(store):
    before = installation_of(store)
    oven = before.devices[1]
    devices = (before.devices[0], replace(oven, name="Oven of the bakery", load=0), *before.devices[2:])
    dated = (Assignment(oven.id, 0, oven.load, oven.groups), Assignment(oven.id, HOT - HOT % 3600, 0, oven.groups))
    after = replace(before, devices=devices, assignments=dated, version=before.version + 1)
    save_edit(store, after, AuditEntry(after.version, HOT * 1000, "Ann", changes_between(before, after)))


def record(store):
    """A day, a gap of two months, and two hours; the day is a block, one counter fell, one is a former meter's."""
    site = installation_of(store)
    zone = zone_of(site)
    ids = [device.id for device in site.devices]
    for first, count in ((T0, 150), (HOT, 12)):
        for slot in range(count):
            book(store, [sample(id, first + slot * STEP_S) for id in ids], zone, site)
        with store.writing() as txn:
            keep_checkpoint(store, txn, first + count * STEP_S)
    book(store, [sample(ids[0], HOT + 12 * STEP_S, index=lambda id, ts_ms: index_n(id, ts_ms) % 1_000_000)], zone, site)
    compaction.compact(store, LATER)
    with store.writing() as txn:
        do = Operations(store, txn, Rows(store), site, books_of(site), NOW * 1000)
        do.correct(
            Correction(0, ids[1], ENERGY, T0 + 3600, T0 + 9000, 5_000, "Ann", "the meter stood still", NOW * 1000)
        )
    with store.writing() as txn:
        do = Operations(store, txn, Rows(store), site, books_of(site), NOW * 1000)
        do.correct(Correction(0, ids[2], ENERGY, T0 + 7200, T0 + 9000, -700, "Bob", "a wrong idea", NOW * 1000))
    with store.writing() as txn:
        Operations(store, txn, Rows(store), site, books_of(site), NOW * 1000).take_back(2, "Ann")
    with store.writing() as txn:
        do = Operations(store, txn, Rows(store), site, books_of(site), NOW * 1000)
        do.replace_meter(ids[2], ENERGY, (NOW + 60) * 1000, index_n(ids[2], (NOW + 60) * 1000), 0, "Ann")


def let_in(store, vault):
    before = load_access(store)
    after = changed(before, AddUser("Ann", rights_of({"consumptions": "act", "alarms": "see"}), None), By("me", 1), NOW)
    after = changed(
        after, AddToken("Grafana", key_hash(KEY_OF_TOKEN), rights_of({"consumptions": "see"})), By("me", 1), NOW
    )
    after = entered(after, 1, Entry(11, key_hash("session"), "c", "10.0.0.9", "Firefox", 21, key_hash("browser")), NOW)
    save_access(store, before, after, mark=vault.mark)
    delays = Delays()
    for n in range(5):
        delays.charge("10.0.0.1", f"{n}", NOW * 1000)
    with store.writing() as txn:
        for each in delay_records(delays):
            store.records.put(txn, *each)
        store.records.put(txn, *SAMPLES, {"months": 36})
        store.records.put(txn, *MEDIUM, {"folder": "/media/stick", "every_days": 30, "keep": 2})
        store.records.put(txn, *OUTCOMES, outcomes_record((Outcome("backup", NOW * 1000),)))
        add_event(store, txn, NOW * 1000, "device.2", "device_silent", "no answer")
        add_event(store, txn, NOW * 1000, "server", "medium_set", "/media/stick by Ann")


def cells(store):
    found = []
    with store.reading() as txn, txn.cursor(db=store.tree("bins")) as cursor:
        for key in cursor.iternext(values=False):
            at = KEY.unpack(key)
            cell = get_cell(store, txn, *at)
            values = {slot: n for slot, n in enumerate(cell.values_n) if cell.known >> slot & 1}
            found.append([*at, values, cell.doubts])
    return found


def expected(store):
    access = load_access(store)
    with store.reading() as txn:
        ledgers = {device: {n: astuple(s) for n, s in each.items()} for device, each in all_ledgers(store, txn)}
        rows = [
            [r.device, r.start_ts, r.interval_s, r.columns, r.values_n, r.quality]
            for r in Rows(store).scan(txn, 0, 1 << 40)
        ]
    return {
        "dump": dump(installation_of(store)),
        "installation": asdict(installation_of(store)),
        "audit": [asdict(entry) for entry in AuditTrail(store).entries(100)],
        "access": {
            name: [as_record(each) for each in getattr(access, name).values()]
            for name in ("users", "sessions", "browsers", "tokens")
        },
        "delays": store.records.all("delay"),
        "corrections": [asdict(each) for each in corrections(store)],
        "events": [asdict(each) for each in list_events(store)],
        "ledgers": ledgers,
        "rows": rows,
        "cells": cells(store),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    configure(folder)
    opened = open_store(folder)
    edit(opened)
    record(opened)
    let_in(opened, Vault(pepper_of(folder), cost=(1, 8)))
    (folder / "expected.json").write_text(json.dumps(expected(opened)), encoding="utf-8")
    opened.close()
