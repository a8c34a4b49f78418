"""Trees to try things at."""

from runtime.core.servertree.node import ServerNode

LEAF = ServerNode(4, "Shed", "away", 70)
NORTH = ServerNode(2, "North", "on", 3, (LEAF, ServerNode(0, "Old one", "foreign", 1)))
HEAD = ServerNode(1, "Head office", parts=(NORTH, ServerNode(3, "Süd", "unknown", -1)))
