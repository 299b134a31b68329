"""Two invented banks to look around in: their people, customers, benefits and campaigns, and a small bank app."""
