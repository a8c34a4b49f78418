"""What a resource is: its keys, its row in the registry, what refers to it.

Deterministic: nothing below it but names, rights and errors. The rows stand in the rooms of what they configure.
"""
