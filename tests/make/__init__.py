"""Builders: small functions that make what a test needs, one file per module (`from tests.make import customers`)."""
