"""The kinds of meters: one a mode, for one phase or three; in the mode historique a meter consumes or produces."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.api import CodedModel, ConfigError, Fault, FrameDecoder, FrameKind
from drivers.teleinfo import historique, standard
from drivers.teleinfo.framer import OVERRUN
from runtime.core.map.statistic import usual_record
from runtime.core.tic.label import HISTORIQUE, STANDARD

PROTOCOL = "teleinfo"
PERIOD_S = 15.0  # a telegram comes each 1 to 2 s; at another speed than expected the first takes 12 s
SIDES = {"consumption": "import", "production": "export"}
IDS = (f"teleinfo-{HISTORIQUE}", f"teleinfo-{STANDARD}")
_TITLES = {HISTORIQUE: "Meter with téléinfo, mode historique", STANDARD: "Linky, mode standard"}
_SOURCES = {HISTORIQUE: "Enedis-NOI-CPT_02E", STANDARD: "Enedis-NOI-CPT_54E"}
_FIXED = ("serial_number", "contract")  # another meter, another contract: no energy is booked over the change
_HIGHEST = ("apparent_power_va", "current_l1_a", "current_l2_a", "current_l3_a")  # recorded besides their means
Parameters = Mapping[str, str | int | float]


def make_historique(parameters: Parameters) -> CodedModel:
    """A meter of the mode historique. ``phases`` 1 or 3, ``use`` consumption or production. Raises ConfigError."""
    phases = _checked(parameters, ("phases", "use"))
    use = parameters.get("use", "consumption")
    if use not in SIDES:
        raise ConfigError([Fault("parameters", "use", f"{use!r} is no use of a meter", "consumption or production")])
    names = historique.quantities(SIDES[str(use)], phases)
    return _model(
        HISTORIQUE,
        FrameKind(HISTORIQUE, names, historique.Historique(phases), PERIOD_S, "energy"),
        FrameKind(OVERRUN, historique.overruns(phases), historique.Overruns(phases), 0.0),
    )


def make_standard(parameters: Parameters) -> CodedModel:
    """A Linky of the mode standard, which tells itself what it gives. ``phases`` 1 or 3. Raises ConfigError."""
    phases = _checked(parameters, ("phases",))
    names = standard.quantities(phases)
    return _model(STANDARD, FrameKind(STANDARD, names, standard.Standard(phases), PERIOD_S, "energy"))


def _model(mode: str, *kinds: FrameKind) -> CodedModel:
    names = kinds[0].quantities
    fixed = tuple(names.index(name) for name in _FIXED)
    usual = ((name, usual_record(name)) for name in names)
    recorded = (*(row for row in usual if row[1]), *((name, "max") for name in _HIGHEST if name in names))
    decoder = FrameDecoder(f"teleinfo-{mode}", PROTOCOL, "published", kinds, recorded, fixed)
    return CodedModel(_TITLES[mode], _SOURCES[mode], decoder, maker="Enedis")


def _checked(parameters: Parameters, known: tuple[str, ...]) -> int:
    """The phases. Raises ConfigError, also for a parameter that nobody knows."""
    faults = [
        Fault("parameters", name, "is no parameter of this meter", ", ".join(known))
        for name in parameters
        if name not in known
    ]
    phases = parameters.get("phases", 1)
    if phases not in (1, 3):
        faults.append(Fault("parameters", "phases", f"{phases!r} is no number of phases", "1 or 3"))
    if faults:
        raise ConfigError(faults)
    return int(phases)
