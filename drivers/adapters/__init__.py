"""Lines: one connection each, one transaction at a time, every answer checked.

The only folder that imports pymodbus and pyserial.
"""
