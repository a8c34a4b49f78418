"""The program: composition, command line, rules, store."""

__version__ = "0.1.0"
