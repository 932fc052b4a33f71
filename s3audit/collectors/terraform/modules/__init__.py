"""The source: files as modules, their variables and instances, and what all of it declares."""
