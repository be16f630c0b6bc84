"""Work on cases: who does it, labels, followers, links between cases, ratings, words to search by, saved views."""

import secrets

import sqlalchemy as sa
from alembic import op

from core import thai
from helpdesk import duplicates
from helpdesk.place import Place

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WORD = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("place_key", sa.String(), nullable=False, server_default=""),
        sa.Column("source", sa.String(), nullable=False, server_default=""),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_text", sa.String(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_key", sa.String(), nullable=False, server_default=""),
    )


INDEXES = {
    "ix_cases_state_id": ["state", "id"],
    "ix_cases_category_id": ["category", "id"],
    "ix_cases_assignee_id": ["assignee", "id"],
    "ix_cases_near": ["category", "latitude"],
    "ix_cases_place_key": ["place_key"],
    "ix_cases_merged_into": ["merged_into"],
}


def upgrade() -> None:
    # One by one, and the references inline: SQLite would otherwise copy the table, which other tables' rows point to.
    for name, table in (("assignee", "staff"), ("merged_into", "cases")):
        reference = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_cases_{name}_{table}"))
        op.add_column("cases", sa.Column(name, sa.String(), reference, nullable=True), inline_references=True)
    for column in _columns():
        op.add_column("cases", column)
    for name in ("ix_cases_state", "ix_cases_category"):
        op.drop_index(op.f(name), "cases")
    for name, columns in INDEXES.items():
        op.create_index(name, "cases", columns)
    op.create_table(
        "case_label",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_label_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "label", name=op.f("pk_case_label")),
    )
    op.create_index("ix_case_label_label", "case_label", ["label", "case_id"])
    op.create_table(
        "case_follower",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_follower_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_follower_person_id_person")),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_case_follower")),
    )
    op.create_index(op.f("ix_case_follower_person_id"), "case_follower", ["person_id"])
    op.create_table(
        "case_relation",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_relation_case_id_cases")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_case_relation_other_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_relation")),
    )
    op.create_index(op.f("ix_case_relation_other_id"), "case_relation", ["other_id"])
    op.create_table(
        "case_word",
        sa.Column("word", WORD, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_word_case_id_cases")),
        sa.PrimaryKeyConstraint("word", "case_id", name=op.f("pk_case_word")),
    )
    op.create_index(op.f("ix_case_word_case_id"), "case_word", ["case_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_view_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_saved_view_staff_id_name")),
    )
    _fill()


def _fill() -> None:
    """What was told before is found, too, and its address has a secret."""
    connection = op.get_bind()
    cases = sa.table(
        "cases",
        *(sa.column(name) for name in ("id", "number", "description", "place_text", "province", "district", "subdistrict")),
        *(sa.column(name) for name in ("person_id", "state", "state_at", "place_key", "link_key", "source", "solved_at")),
    )
    words = sa.table("case_word", sa.column("word"), sa.column("case_id"))
    conversations = sa.table("conversation", sa.column("id"), sa.column("channel"))
    linked = sa.table("case_conversation", sa.column("case_id"), sa.column("conversation_id"))
    channel = (
        sa.select(conversations.c.channel)
        .where(conversations.c.id == linked.c.conversation_id, linked.c.case_id == cases.c.id)
        .limit(1)
        .scalar_subquery()
    )
    connection.execute(sa.update(cases).values(source=sa.func.coalesce(channel, "")))
    done = sa.update(cases).where(cases.c.state.in_(("done", "closed")))
    connection.execute(done.values(solved_at=cases.c.state_at))
    for row in connection.execute(sa.select(cases)).all():
        place = Place(row.place_text, province=row.province, district=row.district, subdistrict=row.subdistrict)
        values = {"place_key": duplicates.place_key(place), "link_key": secrets.token_urlsafe(12)}
        connection.execute(sa.update(cases).where(cases.c.id == row.id).values(**values))
        found = _words(row)
        if found:
            connection.execute(sa.insert(words), [{"word": word, "case_id": row.id} for word in found])


def _words(row: sa.Row[tuple[object, ...]]) -> list[str]:
    running = row.number.split("-")[1]
    texts = (row.description, row.place_text, row.subdistrict, row.district, row.province)
    told = (word.lower()[:40] for text in texts if text for word in thai.words(text))
    kept = [word for word in told if any(char.isalnum() for char in word)]
    return list(dict.fromkeys([row.number.lower(), running, running.lstrip("0"), *kept]))[:400]


def downgrade() -> None:
    for name in ("saved_view", "case_word", "case_relation", "case_follower", "case_label"):
        op.drop_table(name)
    for name in INDEXES:
        op.drop_index(name, "cases")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for name in (*(column.name for column in _columns()), "merged_into", "assignee"):
            batch_op.drop_column(name)
        batch_op.create_index(op.f("ix_cases_state"), ["state"])
        batch_op.create_index(op.f("ix_cases_category"), ["category"])
