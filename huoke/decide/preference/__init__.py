"""Preference: which benefits of the library suit a segment, by what its customers spend on beside everybody else.

found = await preference.suggest(tx, analytics, members, universe, region="330200")
"""

from huoke.decide.preference.model import Interest, Lean, Suggested, Suggestions, lean
from huoke.decide.preference.suggest import INTERESTS, suggest

__all__ = ["INTERESTS", "Interest", "Lean", "Suggested", "Suggestions", "lean", "suggest"]
