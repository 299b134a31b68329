"""Nightly feeds: files a bank's systems leave every business day, each with its control file."""

__all__: list[str] = []
