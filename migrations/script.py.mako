<%
    guards = config.attributes.get("guards") or {}
    up, down = ("" if guards and "op." not in body else body for body in (upgrades, downgrades))
%>\
"""${message}

Revision: ${up_revision}
After: ${down_revision | comma,n}
"""

from __future__ import annotations

% if "sa." in f"{up} {down}":
import sqlalchemy as sa
% endif
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}

% for name, statements in guards.items():
${name} = ${statements}
% endfor

% if guards:

def run(statements: dict[str, list[str]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)


% endif
def upgrade() -> None:
% if guards:
    run(DROPPED)
% endif
    ${up}
% if guards:
    run(GUARDS)
% endif


def downgrade() -> None:
% if guards:
    run(DROPPED)
% endif
    ${down}
% if guards:
    run(GUARDS_BEFORE)
% endif
