"""Tables of the mall: what stands on its shelf, and who ordered it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Integer, Text
from sqlalchemy.dialects.postgresql import UUID

from huoke.kernel.schema import module_table

shelf_item = module_table(
    "mall",
    "shelf_item",
    Column("id", UUID, primary_key=True),
    Column("sku_id", UUID, nullable=False),
    Column("currency", Text, nullable=False, comment="The points type it is paid in"),
    Column("points", BigInteger, nullable=False, comment="The price of one: the same for everybody (rule P5)"),
    Column("person_limit", Integer, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("budget_id", UUID, nullable=False, comment="What pays for it"),
    Column("pool_id", UUID, nullable=False, comment="Where its stock comes from"),
    Column("tier", Text, nullable=False, comment="The lowest level that may order it; empty for everybody"),
    Column("opens_at", DateTime(timezone=True), nullable=False),
    Column("closes_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("offer_id", UUID),
    Column("own_pool_id", UUID, comment="The stock set aside for it"),
    Column("change_id", UUID),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('submitted', 'on_shelf', 'taken_off', 'refused')", name="state_known"),
    CheckConstraint("points > 0 AND person_limit > 0 AND stock > 0", name="sold_for_points"),
    Index("ix_shelf_item_state", "tenant_id", "state", "created_at"),
    Index("uq_shelf_item_offer", "tenant_id", "offer_id", unique=True),
    comment="A published benefit on the shelf of the mall, with its price in points",
)

item_order = module_table(
    "mall",
    "item_order",
    Column("id", UUID, primary_key=True),
    Column("shelf_item_id", UUID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("request_no", Text, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("grant_id", UUID, nullable=False),
    Column("state", Text, nullable=False),
    Column("ordered_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('paid', 'refunded')", name="state_known"),
    Index("uq_item_order_request", "tenant_id", "seq", "request_no", unique=True),
    Index("uq_item_order_grant", "tenant_id", "grant_id", unique=True),
    Index("ix_item_order_at", "tenant_id", "ordered_at", "id"),
    Index("ix_item_order_shelf_item", "tenant_id", "shelf_item_id", "ordered_at"),
    comment="Who ordered what for how many points; its benefit is a grant",
)
