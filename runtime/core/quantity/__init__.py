"""What can be measured: the catalogue of quantities, their steps and qualities.

Deterministic: nothing below it.
"""
