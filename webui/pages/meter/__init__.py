"""Pages of meters that say more than a device page holds."""
