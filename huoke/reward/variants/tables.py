"""Tables of variants: who fell in which when a campaign was submitted."""

from sqlalchemy import Column, Integer, LargeBinary, SmallInteger, Uuid

from huoke.kernel.schema import module_table

member = module_table(
    "variants",
    "member",
    Column("source_id", Uuid, primary_key=True, comment="The campaign that gives the bundle"),
    Column("place", SmallInteger, primary_key=True, autoincrement=False, comment="Of the variant in its bundle"),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    Column("members", LargeBinary, nullable=False),
    comment="Who falls in a variant by segment or cell, one roaring bitmap per chunk; nobody is in two",
)
