"""Points: their types, how customers earn them, what becomes of them."""

__all__: list[str] = []
