"""What curation needs: staff, synonyms, the revision of each FAQ, what was used and what was not found, by day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "synonym",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_synonym")),
    )
    op.create_table(
        "faq_use",
        sa.Column("faq_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["faq_id"], ["faq.id"], name=op.f("fk_faq_use_faq_id_faq")),
        sa.PrimaryKeyConstraint("faq_id", "day", "kind", "channel", name=op.f("pk_faq_use")),
    )
    with op.batch_alter_table("faq_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_faq_use_day"), ["day"], unique=False)

    op.create_table(
        "question_count",
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["unanswered_question.id"], name=op.f("fk_question_count_question_id_unanswered_question")
        ),
        sa.PrimaryKeyConstraint("question_id", "day", "channel", "reason", name=op.f("pk_question_count")),
    )
    with op.batch_alter_table("question_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_count_day"), ["day"], unique=False)

    with op.batch_alter_table("faq", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_faq_revision"), ["revision"], unique=False)

    with op.batch_alter_table("unanswered_question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("assignee", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("faq_id", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_unanswered_question_group_id"), ["group_id"], unique=False)

    # What was kept before had no group and no days: each question is a group of its own, counted on the day it came last.
    op.execute("UPDATE unanswered_question SET group_id = id")
    op.execute(
        "INSERT INTO question_count (question_id, day, channel, reason, times)"
        " SELECT id, DATE(last_at), channel, reason, times FROM unanswered_question"
    )


def downgrade() -> None:
    with op.batch_alter_table("unanswered_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unanswered_question_group_id"))
        batch_op.drop_column("faq_id")
        batch_op.drop_column("assignee")
        batch_op.drop_column("group_id")

    with op.batch_alter_table("faq", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_faq_revision"))
        batch_op.drop_column("revision")

    with op.batch_alter_table("question_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_count_day"))

    op.drop_table("question_count")
    with op.batch_alter_table("faq_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_faq_use_day"))

    op.drop_table("faq_use")
    op.drop_table("synonym")
    op.drop_table("staff")
