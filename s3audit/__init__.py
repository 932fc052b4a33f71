"""Tells whether S3 storage is set up the way people believe it is."""

__version__ = "0.1.0"
