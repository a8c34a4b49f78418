"""What each verb of the command line does; heavy parts are imported when asked for."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.clock import SystemClock
from runtime.core.accounting.assignments import date_changes
from runtime.core.decode.compiled import compile_map
from runtime.core.edit import installationfile
from runtime.core.map.devicemap import DeviceMap, register_maps
from runtime.core.site.audit import AuditEntry
from runtime.core.site.defaults import complete
from runtime.core.site.diff import changes_between
from runtime.core.source.scheme import scheme_of
from runtime.errors import ConfigError, DriverError, Fault, Refused, StoreError
from runtime.plugin.mapfiles import load_map
from runtime.plugin.ownmaps import folder_of
from runtime.plugin.plugins import Plugins, load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.secret.accesssetup import MACHINE
from runtime.settings import Settings, parse_address
from runtime.store.env import Store, open_store
from runtime.store.object.site import installation_of, is_kept, save_edit

if TYPE_CHECKING:
    from drivers.line import Line
    from drivers.tool.scan import ScannedDevice

SOFTWARE_FAULT = 70  # of sysexits.h: not what the user asked for but ourselves


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    from runtime.serve import serve

    http = parse_address(options.http, "--http") if options.http else None
    https = parse_address(options.https, "--https") if options.https else None
    modbus = parse_address(options.modbus, "--modbus") if options.modbus else None
    settings = Settings(options.data, options.plugins, http, demo=options.demo, https=https, modbus=modbus)
    if why := serve(settings, partial(print, flush=True)):
        print(f"wattkeeper: {why}", file=sys.stderr, flush=True)
        os._exit(SOFTWARE_FAULT)  # a thread that hangs must not keep the process from being started anew
    return 0


def load(options: argparse.Namespace) -> None:
    text, clock = _text(options.file), SystemClock()
    checker = Checker(_plugins(options), clock)
    way = "give it the file on its page, or with POST /api/v1/installation"
    with free_store(options.data, way) as store:
        before, is_new = installation_of(store), not is_kept(store)
        after = installationfile.load(text, str(options.file), before, checker.known, replace_all=options.replace)
        if faults := checker.parts(after, str(options.file)):
            raise ConfigError(faults)
        after = date_changes(before, checker.marked(complete(after) if is_new else after), clock.now_ts())
        entry = AuditEntry(after.version, clock.now_ms(), MACHINE.name, changes_between(before, after), "file")
        save_edit(store, after, entry)
    counts = ", ".join(f"{len(after.of(resource))} {resource.plural}" for resource in after.resources.edited)
    print(f"loaded {options.file}: {counts}")


@contextmanager
def free_store(folder: Path, way: str) -> Iterator[Store]:
    """A folder's store while no server has it; ``way``: what to do instead while one has."""
    try:
        store = open_store(folder)
    except StoreError as error:
        if error.code != "store_locked":
            raise
        raise StoreError(error.code, f"{error.message}: {way}") from None
    with closing(store):
        yield store


def dump(options: argparse.Namespace) -> None:
    with _open_folder(options.data, readonly=True) as store:
        text = installationfile.dump(installation_of(store))
    if options.file is None:
        print(text, end="")
    else:
        _written(options.file, text)


def history(options: argparse.Namespace) -> None:
    from runtime.store.energy.importer import import_history

    with _open_folder(options.data) as store, _lines(options.file) as lines:
        taken = import_history(store, lines, installation_of(store))
    found = f", {taken.findings} findings" if taken.findings else ""
    print(f"took {taken.days} days of history, {taken.rows} rows{found}")


def backup(options: argparse.Namespace) -> None:
    from runtime.store.upkeep.child import run_job

    run_job("copy", options.data.absolute(), options.file.absolute())
    print(f"written {options.file}, {options.file.stat().st_size:,} bytes, verified")


def compact(options: argparse.Namespace) -> None:
    from runtime.store.upkeep.shrink import shrink

    print(f"freed {shrink(options.data) / 1e6:.1f} MB")


def restore(options: argparse.Namespace) -> None:
    from runtime.store.upkeep.restore import restore

    restored = restore(options.file.absolute(), options.data)
    kept = f"; what was there is kept as {restored.aside.name}" if restored.aside else ""
    missing = f"; {restored.missing} blocks of old samples are missing" if restored.missing else ""
    maps = f"; own meters that are back: {', '.join(restored.maps)}" if restored.maps else ""
    print(f"restored {options.file}{kept}{missing}{maps}")


def read(options: argparse.Namespace) -> None:
    from drivers.gateways import open_line
    from drivers.tool.reading import read_device

    plugins = _plugins(options)
    if options.map:
        own = load_map(options.map, register_maps(plugins.maps))
        plugins.maps[own.id] = own
    found = plugins.register_map_of(options.model)
    line = open_line(options.url, SystemClock(), plugins.schemes.values())
    try:
        readings = read_device(line, compile_map(found), options.unit)
        _doubt(line, found, plugins, options.unit)
    except Refused:
        _doubt(line, found, plugins, options.unit)
        raise
    finally:
        line.close()
    if options.json:
        print(json.dumps(readings))
    else:
        print_table([(name, f"{value['value']}", value["unit"]) for name, value in readings.items()])


def _doubt(line: Line, found: DeviceMap, plugins: Plugins, unit: int) -> None:
    """Tell on stderr when the device names itself as another model."""
    from drivers.tool.modelcheck import check_model

    with suppress(DriverError):
        if told := str(check_model(line, found, register_maps(plugins.maps).values(), unit)):
            print(f"wattkeeper: address {unit} {told}", file=sys.stderr)


def scan(options: argparse.Namespace) -> None:
    """Who answers; what it found so far stands on stderr while it looks."""
    from drivers.gateways import open_line
    from drivers.tool.scan import Scan

    plugins, clock = _plugins(options), SystemClock()
    line = open_line(options.url, clock, plugins.schemes.values())
    looked = Scan(line, clock, register_maps(plugins.maps), is_serial=scheme_of(options.url, plugins.schemes).is_serial)
    found: list[ScannedDevice] = []

    def print_unit(unit: int) -> None:
        print(f"\raddress {unit} of {options.units[-1]}, {len(found)} found", end="", file=sys.stderr, flush=True)

    try:
        for each in looked.run(options.units, print_unit):
            found.append(each)
    finally:
        line.close()
        print(file=sys.stderr)
    if options.json:
        print(json.dumps([_scan_row(each) for each in found]))
    else:
        print_table([("address", "model", "answered in"), *[_describe_unit(each) for each in found]])


def _scan_row(found: ScannedDevice) -> dict[str, object]:
    took_ms = round(found.took_s * 1000, 1)
    return {
        "unit": found.unit,
        "took_ms": took_ms,
        "sure": found.sure,
        "models": found.models,
        "chosen": found.chosen,
        "identification": str(found.identification),
    }


def _describe_unit(found: ScannedDevice) -> tuple[str, str, str]:
    models = " or ".join(found.models) or "unknown: see 'wattkeeper models' and 'wattkeeper read'"
    if named := str(found.identification):
        models = f"{models} (says of itself: {named})"
    doubt = "" if found.sure or not found.models else "probably "
    return str(found.unit), doubt + models, f"{found.took_s * 1000:.0f} ms"


def models(options: argparse.Namespace) -> None:
    """Kinds of devices with their trust, then what stands on labels."""
    plugins = _plugins(options)
    maps = plugins.maps
    entries = [entry for family in plugins.families for entry in family.entries]
    if options.json:
        kinds = [{"id": m.id, "title": m.title, "trust": m.trust, "source": m.source} for m in maps.values()]
        labels = [{**asdict(entry), "trust": maps[entry.map].trust} for entry in entries]
        print(json.dumps({"models": kinds, "entries": labels}, ensure_ascii=False))
        return
    print_table([(m.id, m.trust, m.title) for m in maps.values()])
    print()
    print_table([(e.number, e.family, "+".join(e.functions), e.map, maps[e.map].trust, e.designation) for e in entries])


def _plugins(options: argparse.Namespace) -> Plugins:
    """Those chosen; what was left out is told on stderr and does not stop the command."""
    data: Path | None = getattr(options, "data", None)
    plugins = load_plugins(options.plugins, None if data is None else folder_of(data))
    for problem in plugins.problems:
        print(f"wattkeeper: {problem}", file=sys.stderr)
    return plugins


@contextmanager
def _open_folder(folder: Path, *, readonly: bool = False) -> Iterator[Store]:
    store = open_store(folder, readonly=readonly, create=not readonly)
    try:
        yield store
    finally:
        store.close()


def print_table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError([Fault(str(file), "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise ConfigError([Fault(str(file), "", "is not a text file in UTF-8")]) from None


def _written(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError([Fault(str(file), "", f"cannot be written: {error.strerror}")]) from None


@contextmanager
def _lines(file: str) -> Iterator[Iterable[str]]:
    if file == "-":
        yield sys.stdin
        return
    try:
        with Path(file).open(encoding="utf-8") as lines:
            yield lines
    except OSError as error:
        raise ConfigError([Fault(file, "", f"cannot be read: {error.strerror}")]) from None
