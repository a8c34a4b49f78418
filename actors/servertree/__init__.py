"""Who reads whom: an actor that asks each server below for those below it, and finds loops.

Touches buses and gateways by messages only.
"""
