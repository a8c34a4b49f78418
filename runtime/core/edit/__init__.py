"""Changes of the installation: edits, the installation file, proposals.

Deterministic: a tree and a change in, a tree or faults out.
"""
