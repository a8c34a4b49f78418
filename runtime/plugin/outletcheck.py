"""What the loaded plugins refuse of outlets and of the alerts that use them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runtime.core.alert.alert import ALERT
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.alert.outletkind import ADDRESSES, OutletKind
from runtime.core.site.installation import Installation
from runtime.errors import Fault


def outlet_faults(site: Installation, kinds: Mapping[str, OutletKind], file: str) -> Iterator[Fault]:
    """Kinds that nobody offers, settings that they refuse; alerts without recipients where each has to name some."""
    by_id = {outlet.id: outlet for outlet in site.of(OUTLET)}
    for outlet in by_id.values():
        yield from _faults(outlet, kinds, file)
    for alert in site.of(ALERT):
        kind = kinds.get(by_id[alert.outlet].kind) if alert.outlet in by_id else None
        if kind is not None and kind.addressing == ADDRESSES and not alert.recipients:
            message = "names nobody to send to"
            key = f"alert {alert.id}.recipients"
            yield Fault(file, key, message, "", "recipients_missing", "alert", alert.id, "recipients")


def _faults(outlet: OutletSpec, kinds: Mapping[str, OutletKind], file: str) -> Iterator[Fault]:
    kind, name = kinds.get(outlet.kind), f"outlet {outlet.name!r}"
    if kind is None:
        message = f"no loaded plugin has outlets of the kind {outlet.kind[:80]!r}"
        hint = "known: " + ", ".join(kinds)
        yield Fault(file, f"{name}.kind", message, hint, "outlet_kind_unknown", "outlet", outlet.id, "kind")
        return
    for key, problem in kind.problems(outlet.parameters):
        field = f"parameters.{key[:80]}"
        yield Fault(file, f"{name}.{field}", problem, "", "outlet_setting_wrong", "outlet", outlet.id, field)
