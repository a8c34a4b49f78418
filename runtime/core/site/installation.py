"""The installation: one frozen tree that says what there is to read and how it is grouped.

Ids are integers 1..9999 within their resource, the only key in messages, store and API; names are labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

from runtime.core.resource.registry import Resources
from runtime.core.resource.resource import Resource
from runtime.core.site.resources import RESOURCES
from runtime.core.site.settings import SITE_FIELDS
from runtime.core.site.spec import (
    EDITIONS,
    PREDEFINED_LOADS,
    Assignment,
    BoardSpec,
    DeviceSpec,
    GatewaySpec,
    GroupSpec,
    LoadSpec,
    ZoneSince,
)
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import TariffSpec
from runtime.viewboard import ViewKey

__all__ = [
    "EDITIONS",
    "INSTALLATION_VIEW",
    "PREDEFINED_LOADS",
    "Assignment",
    "BoardSpec",
    "DeviceSpec",
    "GatewaySpec",
    "GroupSpec",
    "Installation",
    "LoadSpec",
    "ZoneSince",
    "as_record",
    "from_record",
]

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything configured. ``version`` grows by one with each edit.

    zone             the newest; ``core.sitezone.zone_of`` tells which one holds when
    zones            all that ever held, by time, when it was changed; () = it never was
    rules            asked from the first to the last
    former_tariffs   deleted ones: bins still hold energy under their prices
    doubted          devices whose registers are not confirmed, by nobody and by no installer: they count in no total
    assignments      of the devices whose load, groups or exclusion ever changed, by time; others are as they are now
    gas_wh_per_m3    what a cubic metre of gas is worth, from ever; 0 = not known, or ``gas_factors`` say it
    gas_factors      the same by the ISO date from which it holds, "" = from ever (``accounting/gasfactor.py``)
    connections_per_host  to gateways of one address, at most
    edition          one of ``EDITIONS`` (SYS-13)
    language         of pages for who has not chosen, and of what is made once: "en", "fr", …
    others           objects of resources that have no field of their own here, by plural; none of them is empty
    resources        the rows that this tree is walked by
    """

    version: int = 0
    site: str = "Wattkeeper"
    zone: str = "Europe/Paris"
    currency: str = "EUR"
    interval_s: int = 600
    gateways: tuple[GatewaySpec, ...] = ()
    devices: tuple[DeviceSpec, ...] = ()
    loads: tuple[LoadSpec, ...] = ()
    groups: tuple[GroupSpec, ...] = ()
    tariffs: tuple[TariffSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    former_tariffs: tuple[TariffSpec, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    gas_wh_per_m3: int = 0
    gas_factors: dict[str, int] = field(default_factory=dict)
    zones: tuple[ZoneSince, ...] = ()
    boards: tuple[BoardSpec, ...] = ()
    edition: str = "unlimited"
    language: str = "en"
    connections_per_host: int = 32
    doubted: tuple[int, ...] = ()
    used: dict[str, int] = field(default_factory=dict)  # word -> highest id ever given: ids are never reused
    others: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    resources: Resources = field(default=RESOURCES, compare=False, repr=False)

    def gateway(self, id: int) -> GatewaySpec | None:
        return next((g for g in self.gateways if g.id == id), None)

    def device(self, id: int) -> DeviceSpec | None:
        return next((d for d in self.devices if d.id == id), None)

    def devices_of(self, gateway: int) -> tuple[DeviceSpec, ...]:
        return tuple(d for d in self.devices if d.gateway == gateway)

    def of(self, resource: Resource[S]) -> tuple[S, ...]:
        """All objects of a resource."""
        listed: tuple[S, ...] = (
            getattr(self, resource.plural) if resource.plural in FIELDS else self.others.get(resource.plural, ())
        )
        return listed

    def find(self, resource: Resource[Any], id: int) -> Any:
        """The object of that id, or None."""
        return next((spec for spec in self.of(resource) if spec.id == id), None)

    def having(self, resource: Resource[S], specs: Iterable[S], used: Mapping[str, int] | None = None) -> Installation:
        """With these in the place of what there is of a resource. ``used``: numbers given beside those it knows."""
        changed: dict[str, Any] = {resource.plural: tuple(specs)}
        if resource.plural not in FIELDS:
            others = {**self.others, **changed}
            changed = {"others": {plural: listed for plural, listed in others.items() if listed}}
        return replace(self, used={**self.used, **used} if used else self.used, **changed)


FIELDS = frozenset(each.name for each in fields(Installation)) - {"others", "resources"}


def as_record(installation: Installation) -> dict[str, Any]:
    """Plain dictionaries and tuples, as the store keeps them: the objects of each resource by its plural."""
    whole = {each.name: getattr(installation, each.name) for each in fields(Installation) if each.name in FIELDS}
    return {name: _plain(value) for name, value in {**whole, **installation.others}.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(asdict(each) if is_dataclass(each) and not isinstance(each, type) else each for each in value)
    return dict(value) if isinstance(value, Mapping) else value


def from_record(record: Mapping[str, Any], resources: Resources = RESOURCES) -> Installation:
    """The inverse of ``as_record``, also for a record whose lists came back as lists.

    raises  ValueError for what no resource of the registry knows: nothing is dropped unseen
    """
    if strange := record.keys() - FIELDS - {resource.plural for resource in resources}:
        raise ValueError(f"unknown: {', '.join(sorted(strange))}")
    made = Installation(
        **{name: record[name] for name in ("version", *SITE_FIELDS) if name in record},
        assignments=tuple(
            Assignment(**{**row, "groups": tuple(row["groups"])}) for row in record.get("assignments", ())
        ),
        zones=tuple(ZoneSince(**row) for row in record.get("zones", ())),
        doubted=tuple(record.get("doubted", ())),
        used=dict(record["used"]),
        resources=resources,
    )
    for resource in resources:
        made = made.having(resource, (resource.restore(row) for row in record.get(resource.plural, ())))
    return made


INSTALLATION_VIEW = ViewKey[Installation]("installation")
