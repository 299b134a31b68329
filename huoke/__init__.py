"""Huoke: an open platform with which a retail bank wins, activates and keeps customers."""

__version__ = "0.1.0"
