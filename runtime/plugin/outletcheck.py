"""What the loaded plugins refuse of outlets and of the alerts that use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from runtime.core.alert.alert import ALERT, AlertSpec
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.alert.outletkind import ADDRESSES, OutletKind
from runtime.core.automation.resource import AUTOMATION
from runtime.core.automation.spec import MESSAGE, AutomationSpec, switch_values
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.errors import Fault


def outlet_faults(site: Installation, kinds: Mapping[str, OutletKind], file: str) -> Iterator[Fault]:
    """Kinds that nobody offers, settings that they refuse; alerts and rules that name nobody where they have to."""
    by_id = {outlet.id: outlet for outlet in site.of(OUTLET)}
    for outlet in by_id.values():
        yield from _faults(outlet, kinds, file)
    for alert in site.of(ALERT):
        if _names_nobody(alert, by_id, kinds):
            yield _nobody(file, "alert", alert.id)
    for rule in site.of(AUTOMATION):
        if rule.action == MESSAGE and _names_nobody(rule, by_id, kinds):
            yield _nobody(file, "automation", rule.id)


def _names_nobody(
    asked: AlertSpec | AutomationSpec, outlets: Mapping[int, OutletSpec], kinds: Mapping[str, OutletKind]
) -> bool:
    kind = kinds.get(outlets[asked.outlet].kind) if asked.outlet in outlets else None
    return kind is not None and kind.addressing == ADDRESSES and not asked.recipients


def _nobody(file: str, word: str, id: int) -> Fault:
    message = "names nobody to send to"
    return Fault(file, f"{word} {id}.recipients", message, "", "recipients_missing", word, id, "recipients")


def automation_faults(
    site: Installation, commands_of: Callable[[DeviceSpec], Mapping[str, tuple[str, ...]] | None], file: str
) -> Iterator[Fault]:
    """Rules that are on and switch what their device does not have; a device of which nothing is known is let be."""
    for rule in site.of(AUTOMATION):
        device = site.device(rule.target) if rule.on and rule.command and rule.action != MESSAGE else None
        commands = commands_of(device) if device is not None else None
        if commands is not None and switch_values(commands.get(rule.command, ())) is None:
            message = f"the device has no output {rule.command!r} that can be switched"
            key = f"automation {rule.name!r}.command"
            yield Fault(file, key, message, "", "output_unknown", "automation", rule.id, "command")


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
