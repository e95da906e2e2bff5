"""Incidents of several services: their cause, their turns, the watch after a recovery, who absorbed them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

_OF_INCIDENTS: tuple[tuple[str, type[sa.types.TypeEngine[object]]], ...] = (
    ("eased_at", sa.BigInteger),
    ("watch_until", sa.BigInteger),
    ("absorbed_into", sa.Text),
    ("cause", sa.Text),
    ("turns", sa.Text),
)


def upgrade() -> None:
    for name, kind in _OF_INCIDENTS:
        op.add_column("incidents", sa.Column(name, kind))
    op.add_column("service_verdicts", sa.Column("unwell_since", sa.BigInteger))


def downgrade() -> None:
    op.drop_column("service_verdicts", "unwell_since")
    for name, _ in reversed(_OF_INCIDENTS):
        op.drop_column("incidents", name)
