"""Plugins and maps: what is loaded, checked and compiled.

Touches files and hooks; opens no connection.
"""
