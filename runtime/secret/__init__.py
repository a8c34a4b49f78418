"""Codes and keys: hashing, the pepper, the first access.

Touches files and argon2; shows no secret.
"""
