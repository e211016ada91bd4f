"""Sample designs with their versions; whether an area is urban or rural."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SETTING = "setting IN ('urban', 'rural')"


def upgrade() -> None:
    # Not as a batch: that would copy the table and lose its AUTOINCREMENT.
    op.execute(
        "ALTER TABLE areas ADD COLUMN setting VARCHAR(8) "
        f"CONSTRAINT ck_areas_setting CHECK ({SETTING})"
    )
    op.create_table(
        "sample_designs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_designs")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_sample_designs_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_sample_designs_created_by")
        ),
        sa.UniqueConstraint(
            "project_id",
            "questionnaire",
            "number",
            name=op.f("uq_sample_designs_project_id_questionnaire_number"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_sample_designs_number")),
    )


def downgrade() -> None:
    op.drop_table("sample_designs")
    op.execute("ALTER TABLE areas DROP COLUMN setting")
