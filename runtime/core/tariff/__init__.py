"""Tariffs, cost rules and money.

Deterministic: integers in, integers out.
"""
