"""What a telling said of an extent and a cause, so that the next is compared with it; and which letter it lies in."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    op.add_column("tellings", sa.Column("share", sa.Double()))
    op.add_column("tellings", sa.Column("reach", sa.Integer()))
    op.add_column("tellings", sa.Column("explained", sa.Boolean()))
    op.add_column("tellings", sa.Column("folded_into", sa.Text()))


def downgrade() -> None:
    for column in ("folded_into", "explained", "reach", "share"):
        op.drop_column("tellings", column)
