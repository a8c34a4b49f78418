"""Who may see and change corrections of what was recorded."""

from __future__ import annotations

SEE_CORRECTIONS = (("consumptions", "see"), ("panel_board", "see"), ("system_configuration", "see"))
ACT_CORRECTIONS = (("system_configuration", "act"),)
