"""Tables of units, staff and their roles.

Rule D2 is a constraint here: a staff row carries one duty (`business` or one of the three administrators), a role row
derives its duty from the role, and a composite foreign key makes the two equal. Two exclusive roles cannot be held by
one person, whatever the program does.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from huoke.kernel.schema import module_table

unit = module_table(
    "people",
    "unit",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("parent_id", Integer),
    Column("kind", Text, nullable=False),
    Column("code", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("path", ARRAY(Integer), nullable=False, comment="Ids from the head office down to this unit, itself last."),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "code"),
    ForeignKeyConstraint(["tenant_id", "parent_id"], ["people.unit.tenant_id", "people.unit.id"]),
    CheckConstraint("kind IN ('head_office', 'branch', 'sub_branch')", name="kind_known"),
    CheckConstraint("(kind = 'head_office') = (parent_id IS NULL)", name="head_office_is_root"),
    CheckConstraint("path[cardinality(path)] = id", name="path_ends_here"),
    Index("uq_unit_head_office", "tenant_id", unique=True, postgresql_where="kind = 'head_office'"),
)

staff = module_table(
    "people",
    "staff",
    Column("id", UUID, primary_key=True),
    Column("login", Text(collation="C"), nullable=False, comment="Lower case; unique in its bank."),
    Column("name", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("duty", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "login"),
    UniqueConstraint("tenant_id", "id", "duty"),
    ForeignKeyConstraint(["tenant_id", "unit_id"], ["people.unit.tenant_id", "people.unit.id"]),
    CheckConstraint("login = lower(login) AND login ~ '^[a-z0-9][a-z0-9._-]{1,63}$'", name="login_form"),
    CheckConstraint("status IN ('active', 'disabled')", name="status_known"),
    CheckConstraint("duty IN ('business', 'system_admin', 'security_admin', 'auditor')", name="duty_known"),
)

staff_role = module_table(
    "people",
    "staff_role",
    Column("staff_id", UUID, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("unit_id", Integer, primary_key=True, autoincrement=False),
    Column(
        "duty",
        Text,
        Computed(
            "CASE WHEN role IN ('system_admin', 'security_admin', 'auditor') THEN role ELSE 'business' END",
            persisted=True,
        ),
        nullable=False,
    ),
    ForeignKeyConstraint(
        ["tenant_id", "staff_id", "duty"], ["people.staff.tenant_id", "people.staff.id", "people.staff.duty"]
    ),
    ForeignKeyConstraint(["tenant_id", "unit_id"], ["people.unit.tenant_id", "people.unit.id"]),
    comment="A role within a unit and everything below it.",
)
