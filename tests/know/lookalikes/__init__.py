"""Tests of look-alikes."""
