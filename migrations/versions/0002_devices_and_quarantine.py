"""When a device was last heard of, and what a quarantined body was refused for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("devices") as devices:
        devices.add_column(sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    # Until this version nothing was ever written to quarantine, so that no row lacks a value.
    with op.batch_alter_table("quarantine") as quarantine:
        quarantine.add_column(sa.Column("response_id", sa.Text(), nullable=True))
        quarantine.add_column(sa.Column("body_hash", sa.String(length=64), nullable=False))
        quarantine.add_column(sa.Column("code", sa.String(length=8), nullable=False))
        quarantine.create_unique_constraint(
            op.f("uq_quarantine_device_id_body_hash"), ["device_id", "body_hash"]
        )


def downgrade() -> None:
    with op.batch_alter_table("quarantine") as quarantine:
        quarantine.drop_constraint(op.f("uq_quarantine_device_id_body_hash"), type_="unique")
        for name in ("code", "body_hash", "response_id"):
            quarantine.drop_column(name)
    with op.batch_alter_table("devices") as devices:
        devices.drop_column("last_seen_at")
