"""What is owed to whom: statements per supplier."""
