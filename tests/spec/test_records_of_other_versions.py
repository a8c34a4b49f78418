"""A server takes over what an older release left, unchanged; what a newer one left it names, and lets alone."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from urllib.request import urlopen

import pytest

from actors.gateway.gateway import Periods
from runtime.__main__ import main
from runtime.core.access.codes import FACTORY
from runtime.core.site.installation import as_record as installation_record
from runtime.errors import StoreError
from runtime.secret.vault import Vault, pepper_of
from runtime.store.codec import HEAD, seal_as
from runtime.store.energy.corrections import all_corrections
from runtime.store.energy.counters import all_ledgers, as_list, get_ledgers, put_ledgers
from runtime.store.env import open_store
from runtime.store.migration.steps import STEPS
from runtime.store.migration.versions import NEWEST
from runtime.store.object.access import as_record, load_access
from runtime.store.object.audit import AuditTrail
from runtime.store.object.events import list_events
from runtime.store.object.site import installation_of
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.restore import ensure_whole
from tests.key import asked
from tests.runtime.store.archive import archive
from tests.runtime.store.migration.releases import ALL, ENDED, cells_of, plain, unpack_release
from tests.spec.quickclock import QuickClock
from tests.spec.serving import server_on

KEY_OF_TOKEN = "the key of the token in the fixture of release 0.1.0"
DEVICE_SINCE = {"power_sign": "normal", "above": 0}  # fields that no release knew, as a step fills them in
GATEWAY_SINCE = {"most_polls_per_s": 0}  # the same of a gateway
SITE_SINCE: dict[str, object] = {"gas_factors": {}, "connections_per_host": 32}  # the same of the site
SESSION_SINCE = {"watched_until_ts": 0}  # the same of a session
TOKEN_SINCE = {"screen": None}  # and of a token
SLOW = Periods(live_s=600.0, energy_s=600.0, slow_s=600.0, watched_s=600.0)


@pytest.fixture(params=ALL)
def release(request, tmp_path):
    """(folder, what its release read there, UTC s of its last sample)"""
    return tmp_path / "data", unpack_release(request.param, tmp_path / "data"), ENDED[request.param]


def read_all(store):
    """As ``expected.json`` of a release has it."""
    access = load_access(store)
    with store.reading() as txn:
        ledgers = {device: {n: as_list(s) for n, s in each.items()} for device, each in all_ledgers(store, txn)}
        rows = [
            [row.device, row.start_ts, row.interval_s, row.columns, row.values_n, row.quality]
            for row in Rows(store).scan(txn, 0, 1 << 40)
        ]
    return plain(
        {
            "installation": installation_record(installation_of(store)),
            "audit": [asdict(entry) for entry in AuditTrail(store).entries(100)],
            "access": {
                name: [as_record(each) for each in getattr(access, name).values()]
                for name in ("users", "sessions", "browsers", "tokens")
            },
            "delays": store.records.all("delay"),
            "corrections": [asdict(each) for each in all_corrections(store)],
            "events": [asdict(each) for each in list_events(store)],
            "ledgers": ledgers,
            "rows": rows,
        }
    )


def test_everything_an_older_release_kept_is_read_as_it_read_it(release, capsys):
    folder, expected, _ = release
    store = open_store(folder, readonly=True)
    assert cells_of(store) == expected.pop("cells")
    dumped = expected.pop("dump")
    for device in expected["installation"]["devices"]:
        assert device.keys().isdisjoint(DEVICE_SINCE)
        device.update(DEVICE_SINCE)
    for gateway in expected["installation"]["gateways"]:
        assert gateway.keys().isdisjoint(GATEWAY_SINCE)
        gateway.update(GATEWAY_SINCE)
    for sort, since in (("sessions", SESSION_SINCE), ("tokens", TOKEN_SINCE)):
        for each in expected["access"][sort]:
            assert each.keys().isdisjoint(since)
            each.update(since)
    for ledgers in expected["ledgers"].values():
        for fields in ledgers.values():
            fields[7] = []  # single readings that were held agree on nothing
            fields += [0, 0, fields[0] // 64_000 * 64, False, 0, 0, 0]  # since then
    assert expected["installation"].keys().isdisjoint(SITE_SINCE)
    expected["installation"].update(SITE_SINCE)
    for name, value in read_all(store).items():
        assert value == expected[name], name
    store.close()
    assert main(["dump", "--data", str(folder)]) == 0
    assert capsys.readouterr().out == dumped
    assert main(["verify", "--data", str(folder)]) == 0


def get(server, path):
    with urlopen(asked(f"{server.web.url}/api/v1{path}", KEY_OF_TOKEN), timeout=60) as answer:
        return json.load(answer)


def test_a_server_serves_the_folder_of_an_older_release_unchanged(release, capsys):
    folder, expected, ended_ts = release
    assert ensure_whole(folder) is None
    server = server_on(folder, QuickClock(ended_ts + 30, 1.0), SLOW)
    server.start()
    try:
        bins = get(server, "/consumption?of=device:2&fluid=electricity&period=year&date=2026-01-01")["bins"]
        assert [each["reason"] for each in get(server, "/corrections")]
    finally:
        server.stop()
    assert any(bin["value"] for bin in bins)
    store, vault = open_store(folder, readonly=True), Vault(pepper_of(folder))
    users = load_access(store).users
    assert cells_of(store) == expected["cells"]
    assert plain([as_record(user) for user in users.values()]) == expected["access"]["users"]
    assert all(vault.is_right(*FACTORY[user.name], user.code) for user in users.values() if user.factory)
    store.close()
    assert main(["dump", "--data", str(folder)]) == 0 and capsys.readouterr().out == expected["dump"]
    assert main(["verify", "--data", str(folder)]) == 0


def test_a_record_is_migrated_when_it_is_read_and_kept_in_the_new_form_when_it_is_written(release, capsys, monkeypatch):
    """As a release will do it that has another ``LedgerState``."""
    folder, expected, _ = release
    newest = NEWEST["ledger"]
    monkeypatch.setitem(NEWEST, "ledger", newest + 1)
    monkeypatch.setitem(STEPS, ("ledger", newest), lambda fields: [*fields[:10], 7, *fields[11:]])
    store = open_store(folder)
    with store.writing() as txn:
        before = bytes(txn.get(b"\0\1", db=store.tree("ledger")))
        ledgers = get_ledgers(store, txn, 1)
        assert bytes(txn.get(b"\0\1", db=store.tree("ledger"))) == before
        put_ledgers(store, txn, 1, ledgers)
        after = bytes(txn.get(b"\0\1", db=store.tree("ledger")))
        assert get_ledgers(store, txn, 1) == ledgers
    store.close()
    ((number, fields),) = expected["ledgers"]["1"].items()
    assert plain(as_list(ledgers[int(number)]))[:11] == [*fields[:7], [], *fields[8:10], 7] != fields
    assert [HEAD.unpack_from(value)[1] for value in (before, after)] == [1, newest + 1]
    assert main(["verify", "--data", str(folder)]) == 1  # in a child, which is the program of before
    assert (
        f"ledger: device 1 is of version {newest + 1}, and this program knows none above {newest}"
        in capsys.readouterr().err
    )


# ---- newer ones

TREES = ("records", "ledger", "checkpoints", "rows", "blocks", "bins", "schemas", "events")


def age(folder, tree):
    """The last value of a tree as a newer program would have written it."""
    store = open_store(folder)
    with store.writing() as txn, txn.cursor(db=store.tree(tree)) as cursor:
        assert cursor.last()
        key, value = bytes(cursor.key()), bytes(cursor.value())
        if tree == "blocks":
            length = int.from_bytes(value[:4], "little")
            head = seal_as(key, 99, value[4 + HEAD.size : 4 + length])
            value = value[:4] + head + value[4 + length :]
        else:
            value = seal_as(key, 99, value[HEAD.size :])
        txn.put(key, value, db=store.tree(tree))
    store.close()


def refusal(capsys, *arguments):
    assert main([str(each) for each in arguments]) == 1
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) == 1 and "damaged" not in shown.err and "Traceback" not in shown.err
    assert "is of version 99" in shown.err and "install the newer program" in shown.err
    return shown.err


@pytest.fixture
def newer(tmp_path):
    folder = archive(tmp_path / "store")
    age(folder, "records")
    return folder


@pytest.mark.parametrize("verb", ["dump", "load", "verify", "backup", "restore"])
def test_a_newer_installation_is_one_clear_line(newer, tmp_path, capsys, verb):
    (tmp_path / "site.toml").write_text('[site]\nname = "Here"\n', encoding="utf-8")
    given = {
        "load": [tmp_path / "site.toml"],
        "backup": [tmp_path / "copy.mdb"],
        "restore": [newer / "data.mdb"],
    }.get(verb, [])
    data = tmp_path / "other" if verb == "restore" else newer
    before = (newer / "data.mdb").read_bytes()
    assert "records: installation now" in refusal(capsys, verb, *given, "--data", data)
    assert not (tmp_path / "copy.mdb").exists() and not (data / "data.mdb.new").exists()
    assert (newer / "data.mdb").read_bytes() == before


@pytest.mark.parametrize("tree", TREES)
def test_whatever_is_newer_keeps_the_server_from_starting_and_no_backup_replaces_it(release, tmp_path, capsys, tree):
    folder, _, _ = release
    assert main(["backup", str(tmp_path / "copy.mdb"), "--data", str(folder)]) == 0
    age(folder, tree)
    capsys.readouterr()
    refusal(capsys, "verify", "--data", folder)
    with pytest.raises(StoreError, match="is of version 99") as refused:
        ensure_whole(folder)
    assert refused.value.code == "store_newer"
    assert main(["restore", str(tmp_path / "copy.mdb"), "--data", str(folder)]) == 0
    assert main(["verify", "--data", str(folder)]) == 0


def test_the_server_itself_says_it_in_one_line(newer):
    command = [sys.executable, "-m", "runtime", "run", "--http", "127.0.0.1:0", "--data", str(newer)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert "records: installation now is of version 99" in done.stderr and "wattkeeper restore FILE" in done.stderr
