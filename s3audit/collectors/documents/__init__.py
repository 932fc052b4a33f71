"""Readers of YAML and JSON that keep the line and column of everything they read."""
