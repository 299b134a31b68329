"""How it gets to the customer: campaigns."""
