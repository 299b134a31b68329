"""Tests of followed segments."""
