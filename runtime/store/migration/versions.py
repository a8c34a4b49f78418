"""Which version of each kind of value this program writes. ``docs/records.md`` tells how one is raised.

A value's version stands in its head (``codec``). Raise the number here whenever an older program could not read, or
would lose, what is written now; a step from the version before goes into ``steps`` with it.
"""

from __future__ import annotations

import struct

from runtime.errors import InvariantBroken, StoreError

NEWEST: dict[str, int] = {
    # what is recorded
    "row": 1,  # sample/rows.py
    "block": 1,  # sample/blocks.py: the head; streams stand in it
    "schema": 1,  # schemas.py
    "ledger": 3,  # energy/counters.py, in the trees "ledger" and "checkpoints"
    "bin": 1,  # energy/bins.py
    "event": 1,  # object/events.py
    # records: a kind, or a kind and a key where keys differ in what they hold
    "installation": 12,  # core/site/installation.py, with all its parts
    "audit": 1,  # core/site/audit.py
    "access state": 2,  # object/access.py
    "access pepper": 1,
    "user": 1,  # core/access/access.py
    "session": 2,
    "browser": 1,
    "token": 2,
    "delay": 1,  # core/access/delays.py
    "correction": 1,  # energy/corrections.py
    "displaycheck": 1,  # chart/counterhistory.py
    "base": 1,  # energy/cycle.py: by what a device's counters are read
    "exchange": 1,  # energy/operations.py
    "settings samples": 1,  # sample/retention.py
    "settings paces": 1,  # energy/pace.py: that it was done
    "settings medium": 1,  # upkeep/backupmedium.py
    "archive outcomes": 1,  # actors/archivist/jobs.py
    "archive phantoms": 1,  # energy/phantoms.py: what the last check found
    "alarm": 1,  # object/alarms.py
    "maintenance": 1,
    "message": 1,  # object/outbox.py
    "automation": 1,  # actors/automation/automations.py
    "secret": 1,  # secret/secrets.py
    "chats": 1,  # actors/outlet/chats.py
    "machine clock": 1,  # actors/service/machine.py
    "machine before": 1,
    "clock ahead": 1,  # upkeep/newest.py
    "chargenow": 1,  # object/charging.py
    "chargesession": 1,
    "chargelimit": 1,
    "chargequiet": 1,
    "rests": 1,  # actors/bus/restrecord.py
    "modbustable now": 1,  # core/modbusserver/allocation.py
    # in files of backups only
    "map": 1,  # upkeep/keptmaps.py
    "manifest": 1,  # upkeep/backup.py
}
KIND_OF_TREE = {
    "rows": "row", "blocks": "block", "schemas": "schema", "ledger": "ledger", "checkpoints": "ledger", "bins": "bin",
    "events": "event",
}  # fmt: skip
ADVICE = "install the newer program that wrote it, or restore a backup of before ('wattkeeper restore FILE')"
_ROW, _BLOCK, _DEVICE = struct.Struct(">IH"), struct.Struct(">HI"), struct.Struct(">H")


def newest_of(kind: str) -> int:
    """Raises InvariantBroken where nobody gave the kind a version."""
    try:
        return NEWEST[kind]
    except KeyError:
        raise InvariantBroken("kind_unknown", f"there is no version for values of the kind {kind!r}") from None


def record_kind(kind: str, key: str | int) -> str:
    """What a record's version goes by: its kind, or kind and key where keys differ in what they hold."""
    return kind if kind in NEWEST else f"{kind} {key}"


def kind_at(tree: str, key: bytes) -> str:
    """The kind of the value under a key of a tree; one that is not in ``NEWEST`` is of no concern to this program."""
    if tree != "records":
        return KIND_OF_TREE[tree]
    kind, _, name = key.decode(errors="replace").partition("\0")
    return record_kind(kind, name)


def newer_text(version: int, newest: int) -> str:
    """What to say of a value that a newer program wrote."""
    return f"is of version {version}, and this program knows none above {newest}: {ADVICE}"


def newer_error(kind: str, key: bytes, version: int) -> StoreError:
    """A value that a newer program wrote is not damaged: it is not for us to read."""
    tree = next((tree for tree, each in KIND_OF_TREE.items() if each == kind), "records")
    return StoreError("store_newer", f"{describe_key(tree, key)} {newer_text(version, NEWEST[kind])}")


def describe_key(tree: str, key: bytes) -> str:
    """Where that is, in words where the key has some."""
    if tree == "rows" and len(key) == _ROW.size:
        start_ts, device = _ROW.unpack(key)
        return f"rows: device {device}, slot {start_ts}"
    if tree == "blocks" and len(key) == _BLOCK.size:
        device, start_ts = _BLOCK.unpack(key)
        return f"blocks: device {device}, four weeks from {start_ts}"
    if tree == "ledger" and len(key) == _DEVICE.size:
        return f"ledger: device {_DEVICE.unpack(key)[0]}"
    if tree == "records":
        return f"records: {key.decode(errors='replace').replace(chr(0), ' ')}"
    return f"{tree}: {key.hex()}"
