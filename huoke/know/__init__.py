"""Who is the customer: customers, consent, entry points, segments."""
