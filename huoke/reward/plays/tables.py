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

deed = module_table(
    "plays",
    "deed",
    Column("play_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("item", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("line", SmallInteger, comment="The line of the prize table it gave"),
    Column("chances", SmallInteger, nullable=False),
    Column("cards", SmallInteger, nullable=False),
    Column("lacked", Boolean, nullable=False, comment="A prize was promised and had run out"),
    Column("grant_id", Uuid),
    Column("note", JSONB, comment="Questions asked, answers given"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("undone_at", DateTime(timezone=True), comment="What led to it was taken back"),
    CheckConstraint("chances >= 0 AND cards >= 0", name="reward_counted"),
    Index("ix_deed_at", "tenant_id", "play_id", "at"),
    comment="What somebody did in a play, each once, and what it gave for certain",
)

act = module_table(
    "plays",
    "act",
    Column("play_id", Uuid, primary_key=True),
    Column("item", SmallInteger, primary_key=True, autoincrement=False),
    Column("event_id", Uuid, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("key", Text, comment="By what a later event takes it back"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("undone_at", DateTime(timezone=True)),
    Index("ix_act_seq", "tenant_id", "play_id", "seq"),
    Index("ix_act_key", "tenant_id", "seq", "key", postgresql_where=text("key IS NOT NULL")),
    comment="Events that count for a mission, each once",
)

arrival = module_table(
    "plays",
    "arrival",
    Column("id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="Batches of events that wait to be counted for missions",
)

draft_version = module_table(
    "plays",
    "draft_version",
    Column("play_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("draft", JSONB, nullable=False),
    Column("made_by", Text, nullable=False, comment="Staff id, or the name of what made it"),
    Column("made_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "play_id"], ["plays.play.tenant_id", "plays.play.id"]),
    app="SELECT, INSERT, DELETE",
    comment="Every saved draft with its maker: what copy stood there when (rule B3)",
)

release = module_table(
    "plays",
    "release",
    Column("play_id", Uuid, primary_key=True),
    Column("table_version", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False, comment="The draft that was approved"),
    Column("change_id", Uuid, nullable=False),
    Column("zh", Text, nullable=False, comment="What was changed and why, for the rules page; empty for the first"),
    Column("en", Text, nullable=False),
    Column("closes_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["tenant_id", "play_id"], ["plays.play.tenant_id", "plays.play.id"]),
    app=APP_APPEND,
    comment="What was published when and under which approval; never changed (rule L3)",
)

amendment = module_table(
    "plays",
    "amendment",
    Column("id", Uuid, primary_key=True),
    Column("play_id", Uuid, nullable=False),
    Column("table_version", Integer, nullable=False, comment="The prize table it changes"),
    Column("draft", JSONB, nullable=False, comment="The play as it would be"),
    Column("stock", JSONB, nullable=False, comment="Units to add, by line"),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("change_id", Uuid),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    ForeignKeyConstraint(["tenant_id", "play_id"], ["plays.play.tenant_id", "plays.play.id"]),
    CheckConstraint("state IN ('submitted', 'applied', 'refused')", name="state_known"),
    Index("uq_amendment_open", "tenant_id", "play_id", unique=True, postgresql_where=text("state = 'submitted'")),
    Index("ix_amendment_play", "tenant_id", "play_id", "made_at"),
    comment="Changes of running plays in their customers' favour, decided by two people (rule L3)",
)

picture = module_table(
    "plays",
    "picture",
    Column("id", Uuid, primary_key=True, comment="Made of its bytes: another picture has another id"),
    Column("body", LargeBinary, nullable=False, comment="WebP, 780 by 420 pixels"),
    Column("added_by", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    app=APP_APPEND,
    comment="Pictures of pages, drawn again from what was uploaded; never changed",
)

preview = module_table(
    "plays",
    "preview",
    Column("token_hash", LargeBinary, primary_key=True),
    Column("play_id", Uuid, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("draft", JSONB, nullable=False, comment="As it stands in the editor, saved or not"),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_preview_expires_at", "tenant_id", "expires_at"),
    comment="Drafts somebody looks at on a phone frame for a quarter of an hour",
)

visit = module_table(
    "plays",
    "visit",
    Column("id", Uuid, primary_key=True),
    Column("person", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("rm_id", Uuid, comment="Who received them: the first whose code was scanned"),
    Column("checked_in_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("tenant_id", "person", "unit_id", "day"),
    Index("ix_visit_rm_id", "tenant_id", "rm_id", "day", postgresql_where=text("rm_id IS NOT NULL")),
    comment="Who came to which branch on which day of the bank, once for a natural person",
)

opening = module_table(
    "plays",
    "opening",
    Column("play_id", Uuid, primary_key=True),
    Column("visit_id", Uuid, primary_key=True),
    Column("mark", LargeBinary, nullable=False, comment="Under which its draws stand"),
    Column("chances", SmallInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_opening_visit_id", "tenant_id", "visit_id"),
    Index("ix_opening_mark", "tenant_id", "mark", "at"),
    ForeignKeyConstraint(["tenant_id", "visit_id"], ["plays.visit.tenant_id", "plays.visit.id"]),
    app=APP_APPEND,
    comment="Which plays of the lobby a visit opened: one set of chances a visit",
)

card_gift = module_table(
    "plays",
    "card_gift",
    Column("id", Uuid, primary_key=True),
    Column("play_id", Uuid, nullable=False),
    Column("code", Text, nullable=False, comment="Its address on the phone"),
    Column("line", SmallInteger, nullable=False),
    Column("asked", Boolean, nullable=False, comment="Its receiver asked for it; else its giver offered it"),
    Column("from_seq", Integer),
    Column("to_seq", Integer),
    Column("state", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    UniqueConstraint("tenant_id", "code"),
    CheckConstraint("state IN ('open', 'done', 'taken_back')", name="state_known"),
    CheckConstraint("(state <> 'done' AND asked) OR from_seq IS NOT NULL", name="has_giver"),
    CheckConstraint("(state <> 'done' AND NOT asked) OR to_seq IS NOT NULL", name="has_receiver"),
    CheckConstraint("from_seq <> to_seq", name="two_people"),
    Index("ix_card_gift_from_seq", "tenant_id", "play_id", "from_seq"),
    Index("ix_card_gift_to_seq", "tenant_id", "play_id", "to_seq"),
    comment="Cards that customers give to each other or ask for, each by the consent of both",
)
