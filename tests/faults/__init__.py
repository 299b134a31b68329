"""Processes killed under load: nothing acknowledged is lost, nothing is done twice, everything comes back."""
