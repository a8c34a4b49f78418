"""One actor a gateway: its devices, their values, samples and commands.

Touches compiled maps, its bus and views; never the wire or the store.
"""
