"""A logger that says nothing: the libraries log each message with its content, and whoever floods would fill a disk."""

from __future__ import annotations

import logging

SILENT = logging.Logger("wattkeeper.ocpp.frames", logging.CRITICAL + 1)
