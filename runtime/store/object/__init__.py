"""Records and events: installation, access, audit.

Written in the recorder's transaction only.
"""
