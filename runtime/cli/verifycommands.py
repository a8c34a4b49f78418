"""Whether all that is kept is whole, adds up and can have been used; what cannot is taken back."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from runtime.cli.commands import free_store, print_table
from runtime.clock import SystemClock
from runtime.core.accounting.accounting import accounting_of
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.sitezone import zone_of
from runtime.errors import StoreError, WattkeeperError
from runtime.secret.accesssetup import MACHINE
from runtime.store.env import open_store
from runtime.store.object.site import installation_of
from runtime.text.moment import iso
from runtime.text.words.energycheck import PHANTOMS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from runtime.core.energy.corrections import Correction
    from runtime.core.site.installation import Installation
    from runtime.store.energy.phantoms import CounterPhantom
    from runtime.store.upkeep.child import Report
    from runtime.store.upkeep.verify import WrongEnergy

WRONG_ENERGY = 3  # all is whole, but some energy cannot have been used


def verify(options: argparse.Namespace) -> int:
    """0 = all is well, 1 = something is damaged or does not add up, 3 = some energy cannot have been used."""
    from runtime.store.upkeep.child import verify_in_child

    if not (options.data / "data.mdb").exists():
        raise StoreError("store_missing", f"there is no store in {options.data}")
    report = verify_in_child(options.data, quick=options.quick)
    if report.newer:
        _print_complaints(report)
        raise StoreError("store_newer", report.newer)
    if options.json:
        print(json.dumps(_describe(report, options)))
    else:
        _print(report, options)
    return (WRONG_ENERGY if report.energies else 0) if report.ok else 1


def take_back(options: argparse.Namespace) -> None:
    """Correct what the check found: one that it names, or all; no server may run."""
    from runtime.store.energy.operations import Operations
    from runtime.store.sample.rows import Rows

    with free_store(options.data, "take it back on the page 'Is my energy right?' of the device") as store:
        site = installation_of(store)
        rows, accounting, now_ms = Rows(store), accounting_of(site), SystemClock().now_ms()
        for found in _chosen(store, rows, site, options.phantom):
            with store.writing() as txn:
                does = Operations(store, txn, rows, site, accounting, now_ms)
                corrections = does.take_phantom_back(found.device, found.quantity, found.phantom.start_ts, MACHINE.name)
            _print_corrections(found.id, corrections)


def _chosen(store, rows, site: Installation, id: str) -> list[CounterPhantom]:  # type: ignore[no-untyped-def]
    """Raises WattkeeperError phantom_unknown."""
    from runtime.store.energy.phantoms import phantoms_by_device

    with store.reading() as txn:
        listed = [each for _, found in phantoms_by_device(store, txn, rows, site) for each in found]
    chosen = [each for each in listed if id in ("all", each.id)]
    if not chosen and id != "all":
        raise WattkeeperError("phantom_unknown", f"nothing is booked wrongly under {id}: 'wattkeeper verify' lists all")
    return chosen


def _print_corrections(id: str, corrections: Sequence[Correction]) -> None:
    for each in corrections:
        print(f"{id}: correction {each.id}, {_amount(each.quantity, each.delta_n)}")


def _print(report: Report, options: argparse.Namespace) -> None:
    rows = [(part.what, f"{part.compared}", _not_checkable(part.not_checkable)) for part in report.counted]
    print_table([("looked at", "compared", "not checkable"), *rows])
    _print_complaints(report)
    if report.energies:
        zone = _zone(options)
        for each in report.energies:
            _print_energy(each, zone)


def _print_complaints(report: Report) -> None:
    for complaint in report.complaints:
        if complaint.code != "store_newer":
            print(f"wattkeeper: {complaint.where}: {complaint.what}", file=sys.stderr)


def _print_energy(each: WrongEnergy, zone: ZoneInfo) -> None:
    amounts = [_amount(each.quantity, n) for n in (each.booked_n, each.right_n, each.most_n)]
    print(
        f"\ndevice {each.device} ({each.name}), {each.quantity}, {iso(each.start_ts, zone)} to {iso(each.end_ts, zone)}"
    )
    print("  {} booked, {} of it can be right; {} at most can pass in that time".format(*amounts))
    print(f"  {PHANTOMS[each.cause].what}")
    print(f"  take it back: /devices/{each.device}/energy-check, or wattkeeper take-back {each.id}")


def _describe(report: Report, options: argparse.Namespace) -> dict[str, object]:
    zone = _zone(options) if report.energies else None
    return {
        "complaints": [asdict(each) for each in report.complaints],
        "looked_at": [asdict(each) for each in report.counted],
        "wrong_energy": [_describe_energy(each, zone) for each in report.energies if zone is not None],
    }


def _describe_energy(each: WrongEnergy, zone: ZoneInfo) -> dict[str, object]:
    row = QUANTITIES[each.quantity]
    booked, right, most = (n / 10**-row.exp10 for n in (each.booked_n, each.right_n, each.most_n))
    return {
        "id": each.id,
        "device": each.device,
        "name": each.name,
        "quantity": each.quantity,
        "unit": row.unit,
        "start": iso(each.start_ts, zone),
        "end": iso(each.end_ts, zone),
        "booked": booked,
        "right": right,
        "most": most,
        "cause": each.cause,
        "why": PHANTOMS[each.cause].what,
    }


def _zone(options: argparse.Namespace) -> ZoneInfo:
    store = open_store(options.data, readonly=True)
    try:
        return zone_of(installation_of(store))
    finally:
        store.close()


def _amount(quantity: str, n: int) -> str:
    row = QUANTITIES[quantity]
    return f"{n / 10**-row.exp10:,.{max(0, min(1, -row.exp10))}f} {row.unit}".strip()


def _not_checkable(count: int) -> str:
    return f"{count} without rows" if count else ""
