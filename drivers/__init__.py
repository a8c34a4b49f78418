"""How to talk to one thing outside: lines, families of devices, the machine.

Touches the core and the hooks; adapters alone import pymodbus and pyserial.
"""
