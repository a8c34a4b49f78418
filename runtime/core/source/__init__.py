"""What any source of readings is to the rules: its scheme of addresses, and what it is asked or listened to for.

Deterministic: no driver and no protocol in particular here.
"""
