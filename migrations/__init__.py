"""The one linear history of the database schema; `huoke migrate` runs it as huoke_owner."""
