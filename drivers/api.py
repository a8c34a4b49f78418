"""All that the author of a driver imports. What is not here may change without notice."""

from drivers.feed import Feed, Frame, Framer
from drivers.line import Line
from drivers.lineframer import LineFramer
from drivers.stream import network_feed, serial_feed
from runtime.clock import Clock
from runtime.core.alert.letter import Letter
from runtime.core.alert.outletkind import Enlisting, ListeningOutlet, Outlet, OutletKey, OutletKind
from runtime.core.decode.codedmodel import CodedModel
from runtime.core.decode.decoder import Decoder
from runtime.core.decode.framedecoder import FrameDecoder, FrameKind
from runtime.core.map.devicemap import DeviceMap, parse_map
from runtime.core.map.family import Family
from runtime.core.map.labels import CatalogueEntry
from runtime.core.map.normalise import DeviceSettings
from runtime.core.modbus.request import Request
from runtime.core.source.query import Expected, Query
from runtime.core.source.scheme import NETWORK, SERIAL, Scheme
from runtime.errors import BadAnswer, ConfigError, DeliveryFailed, DriverError, Fault, LinkDown, NoAnswer, Refused
from runtime.plugin.hookspecs import hookimpl
from runtime.plugin.mapfiles import load_map, read_folder

__all__ = [
    "NETWORK",
    "SERIAL",
    "BadAnswer",
    "CatalogueEntry",
    "Clock",
    "CodedModel",
    "ConfigError",
    "Decoder",
    "DeliveryFailed",
    "DeviceMap",
    "DeviceSettings",
    "DriverError",
    "Enlisting",
    "Expected",
    "Family",
    "Fault",
    "Feed",
    "Frame",
    "FrameDecoder",
    "FrameKind",
    "Framer",
    "Letter",
    "Line",
    "LineFramer",
    "LinkDown",
    "ListeningOutlet",
    "NoAnswer",
    "Outlet",
    "OutletKey",
    "OutletKind",
    "Query",
    "Refused",
    "Request",
    "Scheme",
    "hookimpl",
    "load_map",
    "network_feed",
    "parse_map",
    "read_folder",
    "serial_feed",
]
