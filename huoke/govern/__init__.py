"""Safe, compliant, many banks: tenants, identity, people, approvals, privacy, audit."""
