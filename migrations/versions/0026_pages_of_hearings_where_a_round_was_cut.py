"""pages of hearings where a round was cut

Revision: 0026
After: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("upstream_poll", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cut_deleted", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("cut_page", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("upstream_poll", schema=None) as batch_op:
        batch_op.drop_column("cut_page")
        batch_op.drop_column("cut_deleted")
