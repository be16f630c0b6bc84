"""Speed of the help desk: what dashboards sum up by, and what the list of cases is sorted by."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CASES = ("solved_at", "rated_at", "first_due_at", "solve_due_at")


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for column in _CASES:
            batch_op.create_index(batch_op.f(f"ix_cases_{column}"), [column], unique=False)
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_heard_at"), ["heard_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_heard_at"))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for column in _CASES:
            batch_op.drop_index(batch_op.f(f"ix_cases_{column}"))
