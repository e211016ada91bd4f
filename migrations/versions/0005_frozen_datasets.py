"""Frozen datasets; the database itself refuses to change one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REFUSAL = "a frozen dataset is never changed"


def upgrade() -> None:
    op.create_table(
        "frozen_datasets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_frozen_datasets_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_frozen_datasets_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_datasets")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_frozen_datasets_project_id_number")
        ),
        sa.UniqueConstraint(
            "project_id", "sha256", name=op.f("uq_frozen_datasets_project_id_sha256")
        ),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("frozen_datasets")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_frozen_dataset")


GUARDS = {
    "sqlite": (
        "CREATE TRIGGER frozen_datasets_unchanged BEFORE UPDATE ON frozen_datasets "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION refuse_change_of_frozen_dataset() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE TRIGGER frozen_datasets_unchanged BEFORE UPDATE ON frozen_datasets "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_frozen_dataset()",
    ),
}
