"""All that the author of a driver imports. What is not here may change without notice."""

from drivers.line import Line
from runtime.clock import Clock
from runtime.core.map.devicemap import DeviceMap, parse_map
from runtime.core.map.family import Family
from runtime.core.map.labels import CatalogueEntry
from runtime.core.modbus.request import Request
from runtime.core.source.scheme import Scheme
from runtime.errors import BadAnswer, ConfigError, DriverError, Fault, LinkDown, NoAnswer, Refused
from runtime.plugin.hookspecs import hookimpl
from runtime.plugin.mapfiles import load_map, read_folder

__all__ = [
    "BadAnswer",
    "CatalogueEntry",
    "Clock",
    "ConfigError",
    "DeviceMap",
    "DriverError",
    "Family",
    "Fault",
    "Line",
    "LinkDown",
    "NoAnswer",
    "Refused",
    "Request",
    "Scheme",
    "hookimpl",
    "load_map",
    "parse_map",
    "read_folder",
]
