"""Makes a data folder in which release 0.1.0 booked what nobody used, with its code: README.md beside this tells how.

python make_phantoms_0_1_0.py OUT: writes OUT/data.mdb and OUT/pepper. Each device is one accident of a counter, read
each 10 s from 08:00 on, of a consumer of 3.6 kW that never stops, unless its line below says otherwise.
"""

import sys
from dataclasses import replace
from pathlib import Path

from actors.messages import SampleClosed
from runtime.__main__ import main
from runtime.core.audit import AuditEntry
from runtime.core.books import books_of
from runtime.core.changes import changes_between
from runtime.core.sitezone import zone_of
from runtime.core.thinning import Trail
from runtime.entrance import prepare
from runtime.errors import WattkeeperError
from runtime.store.cycle import Cycle
from runtime.store.env import open_store
from runtime.store.events import add_event
from runtime.store.operations import Operations
from runtime.store.rows import Rows
from runtime.store.site import furnished, installation_of, save_edit
from runtime.vault import Vault, pepper_of

T0 = 1_780_034_400  # 2026-05-29 08:00 in Paris
SLOT_S, POLL_S = 600, 10
KWH = 1_000_000
HOURS = 8
ENERGY, EXPORT = "active_energy_import_wh", "active_energy_export_wh"
POWER = (("active_power_w", "mean"), ("active_power_w", "max"))
EDITED_S = T0 + 2 * 3600 + 540


def drawn(ts, kw=3.6):
    return round((ts - T0) * kw * KWH / 3600)


def after(ts, hours, minutes=0):
    return ts >= T0 + round(hours * 3600) + minutes * 60


def silent(ts, hours, minutes):
    return after(ts, hours) and not after(ts, hours, minutes)


def once(ts, hours, minutes=0):
    """The first poll from then on."""
    return after(ts, hours, minutes) and not after(ts - POLL_S, hours, minutes)


def exchange(old_n, new_n, minutes):
    """Another meter after a silence that begins at 10:00."""

    def read(ts):
        if silent(ts, 2, minutes):
            return None
        return new_n + drawn(ts) - drawn(T0 + 7200 + minutes * 60) if after(ts, 2, minutes) else old_n + drawn(ts)

    return read


def misread(index_n, wrong_n, minutes):
    """One wrong answer after a silence."""

    def read(ts):
        if silent(ts, 2, minutes):
            return None
        return wrong_n if once(ts, 2, minutes) else index_n + drawn(ts)

    return read


def returned(ts):
    """A reset at 09:05, and at 13:05 one reading of 20,000 kWh."""
    if once(ts, 5, 5):
        return 20_000 * KWH
    return drawn(ts) - drawn(T0 + 3900) if after(ts, 1, 5) else 5_000 * KWH + drawn(ts)


def dusk(ts):
    """An inverter shows zeros three times, is off for hours, and is where it was."""
    if after(ts, 2) and not after(ts, 2, 1):
        return 0
    if silent(ts, 2, 270):
        return None
    morning = drawn(ts) - drawn(T0 + 23_400) if after(ts, 6.5) else 0
    return 4_321 * KWH + (drawn(T0 + 7200) if after(ts, 2) else drawn(ts)) + morning


def coarse(ts):
    """A register of 1 kWh at 256 reads 320 once, after 10 min of silence; 60 kW, so that it passes 320 later."""
    if silent(ts, 0.5, 10):
        return None
    if once(ts, 0.5, 10):
        return 320 * KWH
    return (216 * KWH + drawn(ts, 60)) // KWH * KWH


def exporting(ts):
    """Export that is shown as a negative number which falls by 0.1 kWh, at 3 kW."""
    return None if after(ts, 2) else -987_100_000 - drawn(ts, 3.0) // 100_000 * 100_000


def told_too_early(ts):
    """Exchanged in the silence from 10:30 to 10:40, and somebody gave 10:12 for it."""
    if silent(ts, 2.5, 10):
        return None
    return drawn(ts) - drawn(T0 + 9600) if ts >= T0 + 9600 else 6_200 * KWH + drawn(ts)


DEVICES = (
    ("a new meter after 10 min", exchange(6_200 * KWH, 0, 10)),
    ("a used meter after 30 min", exchange(81_234 * KWH, 1_500 * KWH, 30)),
    ("one zero after 10 min", misread(6_200 * KWH, 0, 10)),
    ("600 kWh too high once", misread(5_000 * KWH, 5_600 * KWH, 10)),
    ("an old index once", returned),
    ("factor 1 to 10", lambda ts: (60 * KWH + drawn(ts)) * (10 if ts >= EDITED_S else 1)),
    ("another address", lambda ts: (900 if ts >= EDITED_S else 500) * KWH + drawn(ts)),
    ("export that falls", exporting),
    ("reported too early", told_too_early),
    ("zeros at dusk", dusk),
    ("1 kWh a count", coarse),
    ("a new meter after 50 min", exchange(40_000 * KWH, 200_000, 50)),
    ("undisturbed", lambda ts: 777 * KWH + drawn(ts)),
    ("an outage alone", lambda ts: None if silent(ts, 2, 50) else 777 * KWH + drawn(ts)),
    ("u32 in Wh rolls over", lambda ts: ((1 << 32) * 1000 - 7 * KWH + drawn(ts)) % ((1 << 32) * 1000)),
)
WITHOUT_POWER = {2, 4, 7, 12}
EDITED = {6, 7}
TRAILS = {}  # device -> what the gateway keeps of its readings
SITE = """
[site]
name = "Phantoms"

[[gateway]]
name = "Main switchboard"
url = "tcp://127.0.0.1:1"
{devices}
[[tariff]]
name = "Day"
price = "0.2"

[[rule]]
tariff = "Day"
default = true
"""
DEVICE = """
[[device]]
name = "{name}"
gateway = "Main switchboard"
unit = {unit}
model = "legrand-412053"
"""


def configure(out):
    store = open_store(out)
    prepare(store, Vault(pepper_of(out), cost=(1, 8)), demo=True)
    furnished(store, T0)
    store.close()
    devices = "".join(DEVICE.format(name=name, unit=unit) for unit, (name, _) in enumerate(DEVICES, 1))
    (out / "site.toml").write_text(SITE.format(devices=devices), encoding="utf-8")
    assert main(["load", str(out / "site.toml"), "--data", str(out)]) == 0
    (out / "site.toml").unlink()


def sample(device, read, start_ts):
    quantity = EXPORT if read is exporting else ENERGY
    for ts in range(start_ts, start_ts + SLOT_S, POLL_S):
        if device in EDITED and ts - POLL_S < EDITED_S <= ts:
            TRAILS.pop(device)  # the device is begun anew
        if (index_n := read(ts)) is not None:
            TRAILS.setdefault(device, Trail(quantity)).take(ts * 1000 + 400, index_n)
    kept = tuple(TRAILS[device].cut())
    if not kept:
        return None
    kw = 60 if read is coarse else 36 if device == 6 and start_ts >= EDITED_S else 3.6
    schema, values = ((), ()) if device in WITHOUT_POWER else (POWER, (round(kw * 10_000), round(kw * 10_100)))
    return SampleClosed(device, start_ts, start_ts + SLOT_S, schema, values, (0,) * len(values), {quantity: kept})


def record(store):
    site = installation_of(store)
    zone, rows = zone_of(site), Rows(store)
    for start_ts in range(T0, T0 + HOURS * 3600, SLOT_S):
        if start_ts <= EDITED_S < start_ts + SLOT_S:
            site = edit(store, site)
        with store.writing() as txn:
            cycle = Cycle(store, txn, rows, zone, books_of(site))
            for device, (_, read) in enumerate(DEVICES, 1):
                if (closed := sample(device, read, start_ts)) is not None:
                    cycle.book(closed)
            cycle.flush()
            for noted in cycle.findings:
                finding = noted.finding
                detail = f"{noted.quantity} {finding.before_n} {finding.after_n} since {finding.since_ms}"
                add_event(store, txn, finding.ts_ms, f"device.{noted.device}", finding.code, detail)
        if start_ts + SLOT_S == T0 + 7800:
            assert tell(store, site, 9, T0 + 7920, 6_200 * KWH + drawn(T0 + 7920), 0) == ""
    # what release 0.1.0 answered whoever told the right indexes afterwards
    assert tell(store, site, 1, T0 + 7500, 6_200 * KWH + drawn(T0 + 7500), 0) == "meter_index_wrong"


def edit(store, site):
    factor, address = (next(each for each in site.devices if each.id == id) for id in (6, 7))
    other = {6: replace(factor, model="bticino-f3n200"), 7: replace(address, unit=99)}
    devices = tuple(other.get(each.id, each) for each in site.devices)
    after = replace(site, devices=devices, version=site.version + 1)
    save_edit(store, after, AuditEntry(after.version, EDITED_S * 1000, "Ann", changes_between(site, after)))
    return after


def tell(store, site, device, ts, closing_n, opening_n):
    try:
        with store.writing() as txn:
            do = Operations(store, txn, Rows(store), site, books_of(site), ts * 1000)
            do.replace_meter(device, ENERGY, ts * 1000, closing_n, opening_n, "Ann")
    except WattkeeperError as error:
        return error.code
    return ""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    configure(folder)
    opened = open_store(folder)
    record(opened)
    opened.close()
