"""French meters that speak by themselves, with an encoder of its own: nothing of what reads telegrams is used here."""
