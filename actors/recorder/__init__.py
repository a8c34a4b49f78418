"""The only writer of the database: samples, ledgers, bins, events and records in one transaction.

Touches the store and views; never the wire.
"""
