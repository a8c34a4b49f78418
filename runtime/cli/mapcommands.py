"""``wattkeeper map``: what people who write maps ask for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from runtime.clock import SystemClock
from runtime.core.decode.compiled import compile_map
from runtime.core.map.devicemap import DeviceMap, register_maps
from runtime.core.text.tomllines import line_of
from runtime.errors import ConfigError, Fault
from runtime.plugin.mapfiles import load_map, read_folder, read_table
from runtime.plugin.plugins import load_plugins


def check(options: argparse.Namespace) -> int:
    """Say what is wrong in a map file, each fault with its line, or what the map reads."""
    try:
        found = load_map(options.file, _extendable(options))
    except ConfigError as error:
        for fault in error.faults:
            print(f"wattkeeper: {locate_fault(fault)}", file=sys.stderr)
        return 1
    compiled = compile_map(found)
    rows, reads = len(found.fields) + len(found.derived), len(compiled.blocks)
    words = sum(block.words for block in compiled.blocks)
    print(
        f"{options.file}: {found.id} is sound: {rows} quantities in {reads} reads of {words} registers, {found.trust}"
    )
    return 0


def locate_fault(fault: Fault) -> str:
    """A fault in the form that editors jump to: FILE:LINE: KEY: what (hint)."""
    try:
        line = line_of(Path(fault.file).read_text(encoding="utf-8"), fault.key) if fault.key else 0
    except (OSError, UnicodeDecodeError):
        line = 0
    file = f"{fault.file}:{line}" if line else fault.file
    return str(Fault(file, fault.key, fault.message, fault.hint))


def record(options: argparse.Namespace) -> None:
    """Write the answers of a device as the frame that becomes its map's test."""
    from drivers.gateways import open_line
    from drivers.tool.recording import frame_text
    from drivers.tool.recording import record as recorded

    plugins = load_plugins(options.plugins)
    if options.map:
        own = load_map(options.map, register_maps(plugins.maps))
        plugins.maps[own.id] = own
    found = plugins.register_map_of(options.model)
    line = open_line(options.url, SystemClock(), plugins.schemes.values())
    try:
        text = frame_text(found.id, recorded(line, found, compile_map(found), options.unit))
    finally:
        line.close()
    if options.out is None:
        print(text, end="")
        return
    try:
        options.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError([Fault(str(options.out), "", f"cannot be written: {error.strerror}")]) from None
    print(f"written {options.out}; hold its values against the display of the device")


def sunspec(options: argparse.Namespace) -> int:
    """Say which models a SunSpec device has, and how its meters and inverters are named in an installation."""
    from drivers.families.sunspec.chain import discover
    from drivers.gateways import open_line

    line = open_line(options.url, SystemClock(), load_plugins(options.plugins).schemes.values())
    try:
        chain = discover(line, options.unit)
    finally:
        line.close()
    for model in chain.models:
        print(f"# model {model.id} at register {model.at}, {model.length} registers")
    devices = list(chain.devices())
    for map_id, parameters in devices:
        told = ", ".join(f"{key} = {json.dumps(value)}" for key, value in parameters.items())
        print(f'model = "{map_id}"\nparameters = {{{told}}}')
    if not devices:
        what = (
            "no meter and no inverter among its models"
            if chain.models
            else "not marked as SunSpec at 40000, 50000 or 0"
        )
        print(f"wattkeeper: address {options.unit}: {what}", file=sys.stderr)
    return 0 if devices else 1


def _extendable(options: argparse.Namespace) -> Mapping[str, DeviceMap]:
    """The maps that a file may extend: those of the plugins, and those beside it when it extends any."""
    maps = register_maps(load_plugins(options.plugins).maps)
    if "extends" not in read_table(options.file):
        return maps
    beside, _ = read_folder(options.file.parent, maps)
    return {**maps, **beside}
