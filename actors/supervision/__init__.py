"""Who lives, who is restarted, when the process ends.

Touches mailboxes and systemd's socket; knows no job.
"""
