"""Writes what leaves the box in files; may touch the store's read side and the folder it is given."""
