"""Who works on a case: agencies, units, their people, invitations; what staff is told; when a case is due."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIMES = (
    "first_due_at", "first_answered_at", "update_due_at", "solve_due_at", "due_at", "escalate_at",
    "paused_at", "news_at", "solve_from",
)  # fmt: skip
TABLES = (
    "holiday", "office_day", "office_hours", "service_target", "staff_notice", "case_share", "staff_agency", "routing_rule",
    "unit", "agency",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("name_th", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("subdistrict", sa.String(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("name_th", name=op.f("uq_agency_name_th")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("name_th", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_unit_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("agency_id", "name_th", name=op.f("uq_unit_agency_id_name_th")),
    )
    op.create_table(
        "routing_rule",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("province", sa.String(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("subdistrict", sa.String(), nullable=True),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_routing_rule_agency_id_agency")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_routing_rule_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
    )
    op.create_index(op.f("ix_routing_rule_category"), "routing_rule", ["category"])
    op.create_table(
        "staff_agency",
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_staff_agency_agency_id_agency")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_agency_staff_id_staff")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_staff_agency_unit_id_unit")),
        sa.PrimaryKeyConstraint("staff_id", "agency_id", name=op.f("pk_staff_agency")),
    )
    op.create_index(op.f("ix_staff_agency_agency_id"), "staff_agency", ["agency_id"])
    op.create_table(
        "case_share",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_share_agency_id_agency")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_share_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "agency_id", name=op.f("pk_case_share")),
    )
    op.create_index(op.f("ix_case_share_agency_id"), "case_share", ["agency_id"])
    op.create_table(
        "staff_notice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_staff_notice_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_notice_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
        sa.UniqueConstraint("staff_id", "key", name=op.f("uq_staff_notice_staff_id_key")),
    )
    op.create_table(
        "service_target",
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("first_minutes", sa.Integer(), nullable=True),
        sa.Column("update_minutes", sa.Integer(), nullable=True),
        sa.Column("solve_minutes", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("category", "priority", name=op.f("pk_service_target")),
    )
    op.create_table(
        "office_hours",
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("weekday", "opens", name=op.f("pk_office_hours")),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "office_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_office_day")),
    )

    # One by one, and the references inline: SQLite would otherwise copy the table, which other tables' rows point to.
    for name, table in (("agency_id", "agency"), ("unit_id", "unit")):
        reference = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_cases_{name}_{table}"))
        op.add_column("cases", sa.Column(name, sa.String(), reference, nullable=True), inline_references=True)
    op.add_column("cases", sa.Column("routed_because", sa.String(), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("hops", sa.Integer(), nullable=False, server_default="0"))
    for name in TIMES:
        op.add_column("cases", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("paused_for", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("late_told", sa.JSON(), nullable=False, server_default="[]"))
    for name in ("agency_id", "due_at", "escalate_at"):
        op.create_index(op.f(f"ix_cases_{name}"), "cases", [name])


def downgrade() -> None:
    for name in ("escalate_at", "due_at", "agency_id"):
        op.drop_index(op.f(f"ix_cases_{name}"), "cases")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for name in ("late_told", "paused_for", *reversed(TIMES), "hops", "routed_because", "unit_id", "agency_id"):
            batch_op.drop_column(name)
    for name in TABLES:
        op.drop_table(name)
