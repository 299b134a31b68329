"""The tables of schema `plays`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from huoke.kernel.schema import APP_APPEND, module_table

play = module_table(
    "plays",
    "play",
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False, comment="Its address on the phone"),
    Column("unit_id", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("draft", JSONB, nullable=False),
    Column("opens_at", DateTime(timezone=True)),
    Column("closes_at", DateTime(timezone=True)),
    Column("table_version", Integer, nullable=False),
    Column("drawn", BigInteger, nullable=False),
    Column("commitment", LargeBinary),
    Column("sealed_seed", LargeBinary, comment="Under the bank's key until the end (rule L6)"),
    Column("seed", LargeBinary),
    Column("change_id", Uuid),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("state IN ('draft', 'submitted', 'live', 'paused', 'ended')", name="state_known"),
    CheckConstraint("seed IS NULL OR state = 'ended'", name="seed_after_end"),
    CheckConstraint("drawn >= 0", name="drawn_counted"),
    Index("ix_play_closes_at", "tenant_id", "closes_at", postgresql_where=text("state IN ('live', 'paused')")),
    comment="Plays; once live only the state, the last number and the seed's revelation change",
)

prize_table = module_table(
    "plays",
    "prize_table",
    Column("play_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("rules", JSONB, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "play_id"], ["plays.play.tenant_id", "plays.play.id"]),
    app=APP_APPEND,
    comment="Prizes, odds and limits as published; never changed (rule L3)",
)

draw = module_table(
    "plays",
    "draw",
    Column("play_id", Uuid, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("mark", LargeBinary, nullable=False, comment="Stands for the natural person in the public archive"),
    Column("version", Integer, nullable=False),
    Column("outcome", Integer, nullable=False),
    Column("picked", SmallInteger, nullable=False),
    Column("given", SmallInteger, nullable=False),
    Column("steps", JSONB, nullable=False),
    Column("available", BigInteger, nullable=False, comment="Units the pool of the given line had before"),
    Column("grant_id", Uuid),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_draw_mark", "tenant_id", "mark", "number"),
    CheckConstraint("outcome BETWEEN 0 AND 999999 AND number > 0", name="outcome_possible"),
    app=APP_APPEND,
    comment="Every draw with all that is needed to do it again; never changed, kept (rule L5)",
)

player = module_table(
    "plays",
    "player",
    Column("play_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("person", Integer, nullable=False),
    Index("ix_player_person", "tenant_id", "person"),
    comment="Which natural person stands behind a customer who played (rule R1)",
)

line_day = module_table(
    "plays",
    "line_day",
    Column("play_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("line", SmallInteger, primary_key=True, autoincrement=False),
    Column("given", Integer, nullable=False),
    comment="How often a line was given on a day of the bank: what its daily limit looks at",
)

odds_check = module_table(
    "plays",
    "odds_check",
    Column("play_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("draws", BigInteger, nullable=False),
    Column("p_ppm", Integer, nullable=False, comment="How probable a gap this large is, in ppm"),
    Column("alarm", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="Observed against stated odds, day by day (chi-square)",
)
