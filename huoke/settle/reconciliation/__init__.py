"""Reconciliation: a supplier's file of a business day beside our orders and the ledger."""

__all__: list[str] = []
