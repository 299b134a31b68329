"""Tests of segments beside each other."""
