"""The words by which conversations are found."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation_word",
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_word_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("word", "conversation_id", name=op.f("pk_conversation_word")),
    )
    with op.batch_alter_table("conversation_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_word_conversation_id"), ["conversation_id"], unique=False)
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("searched", sa.Integer(), nullable=False, server_default="0"))
    unsearched = sa.text("searched < last_sequence")
    op.create_index("ix_conversation_unsearched", "conversation", ["id"], sqlite_where=unsearched, postgresql_where=unsearched)


def downgrade() -> None:
    op.drop_index("ix_conversation_unsearched", "conversation")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_column("searched")
    op.drop_table("conversation_word")
