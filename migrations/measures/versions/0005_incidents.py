"""Incidents of several services: their cause, their turns, the watch after a recovery, who absorbed them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

_INSTANTS = ("eased_at", "watch_until")
_TEXTS = ("absorbed_into", "cause", "turns")


def upgrade() -> None:
    for name in _INSTANTS:
        op.add_column("incidents", sa.Column(name, sa.BigInteger))
    for name in _TEXTS:
        op.add_column("incidents", sa.Column(name, sa.Text))
    op.add_column("service_verdicts", sa.Column("unwell_since", sa.BigInteger))


def downgrade() -> None:
    op.drop_column("service_verdicts", "unwell_since")
    for name in reversed((*_INSTANTS, *_TEXTS)):
        op.drop_column("incidents", name)
