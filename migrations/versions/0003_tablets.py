"""Tablets that work offline: enrolment, keys, assignments, visits, paper forms, positions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AUDIENCE = "audience IN ('recipient', 'non_recipient', 'cadre')"
OUTCOME = "outcome IN ('completed', 'not_home', 'refused', 'replaced')"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("devices") as devices:
        devices.add_column(sa.Column("code_hash", sa.String(length=64), nullable=True))
        devices.add_column(sa.Column("code_expires_at", MOMENT, nullable=True))
        devices.add_column(sa.Column("enrolled_at", MOMENT, nullable=True))
        devices.add_column(sa.Column("report", sa.Text(), nullable=True))
        devices.add_column(sa.Column("reported_at", MOMENT, nullable=True))
        devices.alter_column("token_hash", existing_type=sa.String(length=64), nullable=True)
        devices.create_unique_constraint(op.f("uq_devices_code_hash"), ["code_hash"])
    # Whoever held a token so far goes on with it.
    op.execute("UPDATE devices SET enrolled_at = created_at")
    # Not as a batch: that would copy the table and lose its AUTOINCREMENT.
    op.add_column(
        "projects",
        sa.Column("asks_position", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("projects", sa.Column("closes_on", sa.Date(), nullable=True))
    with op.batch_alter_table("responses") as responses:
        responses.add_column(sa.Column("position", sa.Text(), nullable=True))
    with op.batch_alter_table("quarantine") as quarantine:
        quarantine.add_column(sa.Column("dismissed_at", MOMENT, nullable=True))
        quarantine.add_column(sa.Column("dismissed_by", sa.Integer(), nullable=True))
        quarantine.add_column(
            sa.Column("dismissed_reason", sa.Text(), nullable=False, server_default="")
        )
        quarantine.create_foreign_key(
            op.f("fk_quarantine_dismissed_by"), "users", ["dismissed_by"], ["id"]
        )
    _create_keys()
    _create_assignments()
    _create_visits()
    _create_paper_forms()


def downgrade() -> None:
    for table in ("paper_forms", "visits", "assignments", "project_keys"):
        op.drop_table(table)
    with op.batch_alter_table("quarantine") as quarantine:
        quarantine.drop_constraint(op.f("fk_quarantine_dismissed_by"), type_="foreignkey")
        for name in ("dismissed_reason", "dismissed_by", "dismissed_at"):
            quarantine.drop_column(name)
    with op.batch_alter_table("responses") as responses:
        responses.drop_column("position")
    with op.batch_alter_table("projects") as projects:
        projects.drop_column("closes_on")
        projects.drop_column("asks_position")
    # A device that was never enrolled has no token, which the older table demands.
    op.execute("DELETE FROM devices WHERE token_hash IS NULL")
    with op.batch_alter_table("devices") as devices:
        devices.drop_constraint(op.f("uq_devices_code_hash"), type_="unique")
        devices.alter_column("token_hash", existing_type=sa.String(length=64), nullable=False)
        for name in ("reported_at", "report", "enrolled_at", "code_expires_at", "code_hash"):
            devices.drop_column(name)


def _create_keys() -> None:
    op.create_table(
        "project_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_keys_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_keys")),
    )
    op.create_index(op.f("ix_project_keys_project_id"), "project_keys", ["project_id"])


def _create_assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_assignments_quantity")),
        sa.CheckConstraint(AUDIENCE, name=op.f("ck_assignments_audience")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_assignments_user_id")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_assignments_area_id")),
        sa.PrimaryKeyConstraint("user_id", "area_id", "audience", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_area_id"), "assignments", ["area_id"])


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("enumerator_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("visited_at", sa.String(length=40), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.CheckConstraint(OUTCOME, name=op.f("ck_visits_outcome")),
        sa.CheckConstraint(AUDIENCE, name=op.f("ck_visits_audience")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_visits_project_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_visits_device_id")),
        sa.ForeignKeyConstraint(
            ["enumerator_id"], ["users.id"], name=op.f("fk_visits_enumerator_id")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_visits_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index(
        op.f("ix_visits_project_id_enumerator_id"), "visits", ["project_id", "enumerator_id"]
    )


def _create_paper_forms() -> None:
    op.create_table(
        "paper_forms",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("handed_out", sa.Integer(), nullable=False),
        sa.CheckConstraint("handed_out >= 0", name=op.f("ck_paper_forms_handed_out")),
        sa.CheckConstraint(AUDIENCE, name=op.f("ck_paper_forms_audience")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_paper_forms_area_id")),
        sa.PrimaryKeyConstraint("area_id", "audience", name=op.f("pk_paper_forms")),
    )
