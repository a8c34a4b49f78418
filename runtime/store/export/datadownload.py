"""Makes ``reportdata.zip``: the tables of a data download, under the manual's names."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runtime.core.accounting.accounting import NUMBERS
from runtime.core.accounting.assignments import Owners, member
from runtime.core.export.download import Download, file_name
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.tariff.tariffs import FLUIDS
from runtime.errors import StoreError
from runtime.store.energy.bins import has_energy
from runtime.store.env import Store
from runtime.store.export.energycsv import EnergyCsv, Heading
from runtime.store.export.energytable import EnergyTable

NAME = "reportdata.zip"
_DATED = (1980, 1, 1, 0, 0, 0)  # of all files: the same data give the same bytes


@dataclass(frozen=True, slots=True)
class _Table:
    """One fluid's: who has it."""

    fluid: str
    headings: Sequence[Heading]


def write_download(
    store: Store, installation: Installation, wanted: Download, file: Path, progress: Callable[[int], None]
) -> None:
    """Write the zip under its name, whole or not at all. ``progress`` is given percents. Raises StoreError."""
    part = file.with_name(f"{file.name}.part")
    folder = Path(tempfile.mkdtemp(prefix=f"{file.name}.", dir=file.parent))
    try:
        tables = list(_tables(store, installation, wanted))
        for number, table in enumerate(tables):
            _write_table(store, installation, wanted, table, folder, _share(progress, number, len(tables)))
        _pack(folder, part)
        part.replace(file)
    except OSError as error:
        raise StoreError("export_failed", f"cannot write {file.parent}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def _tables(store: Store, installation: Installation, wanted: Download) -> Iterator[_Table]:
    names = {each.id: each.name for each in getattr(installation, wanted.listed)}
    for fluid in FLUIDS:
        has = _devices_with(store, installation, fluid)
        headings = [
            Heading(id, names.get(id, ""))
            for id, of in zip(wanted.ids, wanted.owners, strict=True)
            if has & _ever_members(installation, of)
        ]
        if headings:
            yield _Table(fluid, headings)


def _devices_with(store: Store, installation: Installation, fluid: str) -> set[int]:
    devices = {each.id for each in installation.devices} | {each.device for each in installation.assignments}
    with store.reading() as txn:
        return {id for id in devices if has_energy(store, txn, NUMBERS[fluid], id)}


def _ever_members(installation: Installation, of: str) -> set[int]:
    """Devices that count for it now or did at any time."""
    word, _, id = of.partition(":")
    if word == "device":
        return {int(id)}
    is_member = member(of)
    now = set(Owners(installation).members(of, 1 << 40))
    return now | {row.device for row in installation.assignments if is_member(row)}


def _write_table(
    store: Store, installation: Installation, wanted: Download, table: _Table, folder: Path,
    progress: Callable[[int], None],
) -> None:  # fmt: skip
    owners = [f"{wanted.listed.removesuffix('s')}:{heading.id}" for heading in table.headings]
    zone = zone_of(installation)
    rows = EnergyTable(store, installation, zone, owners, table.fluid, with_costs=wanted.with_costs)
    energy = folder / file_name(wanted.listed, table.fluid, cost=False)
    cost = folder / file_name(wanted.listed, table.fluid, cost=True) if wanted.with_costs else None
    whole_s = ((wanted.last - wanted.first).days + 1) * 86_400
    begun_ts, said = None, -1
    with EnergyCsv(energy, cost, table.headings, table.fluid, installation.currency, zone, wanted.format) as csv:
        for step in rows.steps(wanted.first, wanted.last, wanted.step):
            csv.write(step)
            begun_ts = step.start_ts if begun_ts is None else begun_ts
            percent = min(99, (step.end_ts - begun_ts) * 100 // whole_s)
            if percent != said:
                progress(said := percent)


def _share(progress: Callable[[int], None], number: int, count: int) -> Callable[[int], None]:
    return lambda percent: progress((number * 100 + percent) // count)


def _pack(folder: Path, file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for each in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(each.name, _DATED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with each.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1 << 20)
    with file.open("rb") as whole:
        os.fsync(whole.fileno())
