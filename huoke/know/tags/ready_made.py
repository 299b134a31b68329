"""The library: tags that a retail bank has use for from the first day, as YAML beside this file."""

from importlib.resources import files

from huoke.know.tags.as_code import from_yaml
from huoke.know.tags.model import Definition

CATEGORIES = (
    "basic", "life", "work", "relation", "holding", "wealth", "activity", "channel", "payment", "account", "interest",
    "benefit",
)  # fmt: skip


def library() -> list[Definition]:
    """Every tag of the library, category by category; those that look at others come with them."""
    folder = files("huoke.know.tags") / "library"
    return [one for name in CATEGORIES for one in from_yaml((folder / f"{name}.yaml").read_text("utf-8")).tags]
