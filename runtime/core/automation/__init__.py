"""Rules that act (WES chapter 10): what is configured, when each is true, and what it does then. Pure rules.

May use quantities, views, tariffs and what resources are; knows nothing of actors and of how outputs are written.
"""
