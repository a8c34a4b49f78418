"""Who does what when: actors with mailboxes, supervised by the root.

The only folder that imports Pykka and schedule.
"""
