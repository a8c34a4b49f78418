"""The database, a room a subject: environment, codec and records on the top floor.

The only folder that imports lmdb and msgpack.
"""
