"""The tree of servers that read one another: what each says of those below it, and whether it is among them.

Deterministic: registers in, a tree out; a tree in, registers out.
"""
