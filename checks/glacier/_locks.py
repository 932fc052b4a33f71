"""The states of a vault lock."""

LOCKED, IN_PROGRESS = "Locked", "InProgress"
