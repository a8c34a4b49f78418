"""The catalogue: what stands on the label of a device, and what that device is, does and asks for."""

from __future__ import annotations

from dataclasses import dataclass

FUNCTIONS = ("measure", "state", "command", "link")
PARAMETERS = ("unit", "position", "side", "phase", "supply", "interface", "concentrator")


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One catalogue number of one range.

    number       as printed, "4 120 53" or "F80BMM63"
    family       id of its family, as the manuals divide them
    functions    among ``FUNCTIONS``
    phases       1 or 3, 0 = it can be set or does not matter
    connection   "direct", "ct", "rogowski", "pulse", "bus", "" …
    parameters   of ``PARAMETERS``, what an installer has to tell beside the name
    map          id of its device map
    range        the makers' name of the range ("EMDX3"), and brand "Legrand" or "BTicino"
    fluid        "electricity", "gas", "water", "" = the installer says
    most         greatest position, where one is asked for
    """

    number: str
    family: str
    designation: str
    functions: tuple[str, ...]
    map: str
    brand: str = "Legrand"
    range: str = ""
    phases: int = 0
    connection: str = ""
    parameters: tuple[str, ...] = ("unit",)
    fluid: str = "electricity"
    most: int = 0
    supply_required: bool = False  # the installer must pick upstream or downstream
