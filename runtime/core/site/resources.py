"""Everything that is configured, in the order of an installation file. A new configured thing is one more row."""

from __future__ import annotations

from runtime.core.alert.alert import ALERT
from runtime.core.alert.outlet import OUTLET
from runtime.core.automation.resource import AUTOMATION
from runtime.core.budget.budget import BUDGETS
from runtime.core.charging.resource import CIRCUIT, STATION
from runtime.core.modbus.serverresource import MODBUS_SERVER
from runtime.core.ocpp.resource import OCPP_SERVER
from runtime.core.resource.registry import Resources
from runtime.core.site.grouping import BOARD, GROUP, LOAD
from runtime.core.site.hardware import DEVICE, GATEWAY
from runtime.core.tariff.contract import CONTRACT
from runtime.core.tariff.ruleresource import RULE
from runtime.core.tariff.tariffresource import FORMER_TARIFF, TARIFF
from runtime.core.threshold.threshold import THRESHOLD

RESOURCES = Resources(
    (
        BOARD,
        GATEWAY,
        DEVICE,
        LOAD,
        GROUP,
        TARIFF,
        FORMER_TARIFF,
        RULE,
        CONTRACT,
        THRESHOLD,
        MODBUS_SERVER,
        OCPP_SERVER,
        CIRCUIT,
        STATION,
        OUTLET,
        ALERT,
        AUTOMATION,
        BUDGETS,
    )  # fmt: skip
)
