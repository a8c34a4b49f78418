"""Scenarios: the TOML files of sites to be played.

Tables in, plans out.
"""
