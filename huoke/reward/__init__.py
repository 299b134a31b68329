"""What the customer is given: catalogue, supply, ledger, grants."""
