"""Where readings can be delivered outside.

Registered by the hook outlets().
"""
