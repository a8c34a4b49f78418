"""Backup, restore, checks and size of the database.

Works on files and environments; most of it in child processes.
"""
