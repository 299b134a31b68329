"""What really changed: live figures."""
