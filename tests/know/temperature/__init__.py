"""Tags: defined, approved, filled, used."""
