"""Commands of the command line, one function each.

Touches all below the actors and prints; nothing imports it but __main__.
"""
