"""Tariffs as a resource: keys, and how rows of a file or of an edit are brought in. Former ones stay for old bills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from runtime.core.resource.key import Key, id_key, name_key, one_of
from runtime.core.resource.resource import Report, Resource, Tree
from runtime.core.resource.schema import Row, missing_keys
from runtime.core.tariff.keycheck import a_colour, a_price, iso, some_prices
from runtime.core.tariff.tariffs import (
    FLUIDS,
    LAST_VERSION,
    Price,
    TariffSpec,
    amount_text,
    number_prices,
    parse_amount,
)
from runtime.core.tariff.validity import check_tariffs
from runtime.errors import Fault

T = TypeVar("T", bound=Tree)

SEE = ("consumptions", "panel_board", "system_configuration")


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows are merged into; ``used`` and ``faults`` grow."""

    current: tuple[TariffSpec, ...]
    former: tuple[TariffSpec, ...]
    used: dict[str, int]
    file: str
    faults: list[Fault]


def merge_tariffs(tree: T, rows: Iterable[Row], file: str, faults: list[Fault], *, replace_all: bool) -> T:
    """Tariffs match by id, then by fluid and name. A price that is changed is a new version of it."""
    used = {key: tree.used.get(key, 0) for key in ("tariff", "price")}
    known = _Known(tree.of(TARIFF), tree.of(FORMER_TARIFF), used, file, faults)
    kept = {} if replace_all else {tariff.id: tariff for tariff in known.current}
    for row in rows:
        tariff = _merge_row(row, kept, known)
        if tariff is not None:
            kept[tariff.id] = tariff
    if used["price"] > LAST_VERSION:
        faults.append(Fault(file, "tariff", f"prices were changed more than {LAST_VERSION} times"))
    gone = {tariff.id: tariff for tariff in (*known.former, *known.current) if tariff.id not in kept}
    return tree.having(FORMER_TARIFF, gone.values()).having(TARIFF, kept.values(), used)


def _merge_row(row: Row, kept: Mapping[int, TariffSpec], known: _Known) -> TariffSpec | None:
    values, used = row.values, known.used
    id = values.get("id") or _same(values, (*kept.values(), *known.current)) or _next(known)
    used["tariff"] = max(used["tariff"], id)
    before = kept.get(id) or next((each for each in (*known.current, *known.former) if each.id == id), None)
    if before is None and (missing := missing_keys(row, TARIFF, known.file)):
        known.faults.extend(missing)
        return None
    after = before or TariffSpec(id, values["name"])
    after = replace(after, id=id, **{key: values[key] for key in ("name", "fluid", "colour") if key in values})
    if before is not None and before.fluid != after.fluid:
        place = f"{row.place}.fluid"
        known.faults.append(Fault(known.file, place, "a tariff stays with its fluid", "add another tariff"))
    if "prices" in values or "price" in values:
        after = replace(after, prices=tuple(_prices(values)))
    after, used["price"] = number_prices(before, after, used["price"])
    return after


def _same(values: Mapping[str, Any], tariffs: Iterable[TariffSpec]) -> int:
    """The number of the tariff of that fluid and name; 0 = there is none."""
    wanted = values.get("fluid", "electricity"), values.get("name")
    return next((each.id for each in tariffs if (each.fluid, each.name) == wanted), 0)


def _next(known: _Known) -> int:
    return max([known.used["tariff"], *(tariff.id for tariff in (*known.current, *known.former))]) + 1


def _prices(values: Mapping[str, Any]) -> Iterable[Price]:
    if "price" in values:
        yield Price(0, parse_amount(values["price"]))
    for row in values.get("prices", ()):
        if isinstance(row, Mapping):
            yield Price(0, parse_amount(row["price"]), iso(row.get("from", "")))
        else:
            yield Price(0, parse_amount(row))


def _file_row(tariff: TariffSpec) -> dict[str, object]:
    table: dict[str, object] = {"id": tariff.id, "name": tariff.name, "fluid": tariff.fluid}
    if tariff.colour:
        table["colour"] = tariff.colour
    table["prices"] = [_price_row(price) for price in tariff.prices]
    return table


def _price_row(price: Price) -> dict[str, object]:
    table: dict[str, object] = {"price": amount_text(price.amount_u)}
    return table | ({"from": price.since} if price.since else {})


def _restored(record: Mapping[str, Any]) -> TariffSpec:
    prices = {key: tuple(Price(**price) for price in record[key]) for key in ("prices", "former")}
    return TariffSpec(**{**record, **prices})


def _check(tree: Tree, report: Report) -> None:
    for fluid in FLUIDS:
        check_tariffs([tariff for tariff in tree.of(TARIFF) if tariff.fluid == fluid], report)


def _keep_former(tree: T, tariff: TariffSpec) -> T:
    """Bills of the past keep its name and its prices."""
    return tree.having(FORMER_TARIFF, (*tree.of(FORMER_TARIFF), tariff))


TARIFF = Resource(
    "tariff",
    "tariffs",
    TariffSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "fluid": Key((str,), "electricity", one_of(*FLUIDS)),
        "colour": Key((str,), "", a_colour),
        "price": Key((str, int, float), "", a_price),
        "prices": Key((list, tuple), (), some_prices),
    },
    see=SEE,
    unknown="tariff_unknown",
    unique=("id",),
    names_within="fluid",
    check=_check,
    on_erase=_keep_former,
    merge=merge_tariffs,
    file_row=_file_row,
    restored=_restored,
)
FORMER_TARIFF = Resource(
    "former_tariff", "former_tariffs", TariffSpec, TARIFF.keys, see=SEE, is_edited=False, restored=_restored
)
