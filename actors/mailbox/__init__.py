"""What every actor stands on: mailbox, directory of names, replies, incarnations, the base class.

Touches Pykka; knows no actor by name.
"""
