"""Commands of the operator: coalitions, accounts and their roles."""

from __future__ import annotations

import sys

import click

from advocacy.accounts.services import changing, enrolling, registering, setting_up
from advocacy.coalitions import queries
from advocacy.coalitions.models import RoleName
from advocacy.coalitions.services import founding, granting
from advocacy.core import commands, links, uow
from advocacy.core.actor import Channel, system_actor

OPERATOR = system_actor(Channel.COMMAND)


@click.group()
def coalition() -> None:
    """Coalitions."""


@coalition.command("create")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--timezone", required=True, help="A name of the zone database, such as America/New_York.")
@commands.writes
def create_coalition(slug: str, name: str, timezone: str) -> None:
    """Make a coalition."""
    made = founding.create_coalition(OPERATOR, slug=slug, name=name, tz=timezone)
    click.echo(f"coalition {made.slug} made")


@click.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, help=f"One of: {', '.join(RoleName)}.")
@click.option("--coalition", "slug", help="Its short name; without it, admin is of the whole platform.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")
@click.option("--totp", is_flag=True, help="Enrol codes of an app and print their secret, this once.")
@commands.writes
def create_user(email: str, name: str, role: str, slug: str | None, *, password_stdin: bool, totp: bool) -> None:
    """Make an account with a role."""
    if role not in set(RoleName):
        message = f"user: there is no role {role}; the roles are {', '.join(RoleName)}"
        raise commands.Unusable(message)
    if slug is None and role != RoleName.ADMIN:
        message = f"user: the role {role} needs --coalition SLUG; only admin can be of the whole platform"
        raise commands.Unusable(message)
    password = _password(password_stdin=password_stdin)
    coalition_id = None
    if slug is not None:
        with uow.reading():
            coalition_id = queries.coalition_by_slug(slug).id
    made = registering.create_user(OPERATOR, email=email, name=name, password=password)
    if coalition_id is None:
        registering.make_platform_admin(OPERATOR, made.id)
    else:
        granting.grant_role(OPERATOR, coalition_id, made.id, role)
    click.echo(f"account made, role {role}" + (f" in {slug}" if slug else " of the platform"))
    if totp:
        click.echo(f"totp secret: {enrolling.enrol_for(OPERATOR, made.id)}")


@user.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")
@commands.writes
def set_password(email: str, *, password_stdin: bool) -> None:
    """Give an account another password and end its sessions."""
    changing.set_password(OPERATOR, email, _password(password_stdin=password_stdin))
    click.echo("password changed, sessions ended")


@user.command("disable")
@click.argument("email")
@commands.writes
def disable(email: str) -> None:
    """Close an account and end its sessions."""
    registering.disable_user(OPERATOR, email)
    click.echo("account disabled, sessions ended")


@user.command("reset-factors")
@click.argument("email")
@commands.writes
def reset_factors(email: str) -> None:
    """Take away every second step of an account whose owner lost them, and end its sessions."""
    enrolling.reset_factors(OPERATOR, email)
    click.echo("second steps removed, sessions ended")


@user.command("setup-link")
@commands.writes
def set_up_link() -> None:
    """Print a one-time link, good for an hour, on which the first administrator is made."""
    click.echo(links.absolute(setting_up.make_set_up_link(OPERATOR)))


def _password(*, password_stdin: bool) -> str:
    if not password_stdin:
        message = "user: give --password-stdin and send the password as one line on standard input"
        raise commands.Unusable(message)
    return sys.stdin.readline().rstrip("\r\n")
