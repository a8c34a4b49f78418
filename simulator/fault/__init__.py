"""Faults on demand: silence, late, cut or garbled answers.

Touches bytes of answers.
"""
