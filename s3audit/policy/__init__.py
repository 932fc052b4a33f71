"""The IAM policy language: read it, and ask what a policy says. Import the rooms, nothing is loaded here."""

from __future__ import annotations
