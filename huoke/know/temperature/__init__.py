"""Temperature: how warm each relationship is."""
