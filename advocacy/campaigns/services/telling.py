"""News of a campaign: write, publish, take back."""

from __future__ import annotations

from advocacy.audit import services as audit
from advocacy.campaigns.models import News
from advocacy.campaigns.queries import news
from advocacy.campaigns.services import checks, drafting
from advocacy.core import clock, markdown
from advocacy.core.actor import Actor
from advocacy.core.db import db
from advocacy.core.ids import new_public_id


def add_news(actor: Actor, campaign_id: str, *, title: str, text: str, is_published: bool) -> News:
    """Write an entry, at once for everybody or as a draft.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    campaign = drafting.locked(actor, campaign_id)
    now = clock.now()
    made = News(
        coalition_id=campaign.coalition_id,
        campaign_id=campaign.id,
        public_id=new_public_id(),
        title=checks.require_text(title, "title"),
        text=checks.require_text(text, "text"),
        text_html=markdown.to_html(text),
        created_at=now,
        published_at=now if is_published else None,
    )
    db.session.add(made)
    db.session.flush()
    _record(actor, "news.published" if is_published else "news.drafted", made)
    return made


def change_news(actor: Actor, news_id: str, *, title: str, text: str, is_published: bool) -> News:
    """Change an entry, publish it or take it back; what was published keeps its day.

    Raises: NotAllowed, NotFound, RuleBroken naming the field.
    """
    found = news.entry(actor, news_id)
    drafting.require_part_open(actor, found.campaign_id)
    found.title, found.text = checks.require_text(title, "title"), checks.require_text(text, "text")
    found.text_html = markdown.to_html(text)
    was_published = found.published_at is not None
    found.published_at = (found.published_at or clock.now()) if is_published else None
    db.session.flush()
    if was_published == is_published:
        _record(actor, "news.changed", found)
    else:
        _record(actor, "news.published" if is_published else "news.taken_back", found)
    return found


def _record(actor: Actor, what: str, entry: News) -> None:
    audit.record(
        actor,
        what,
        "campaign_news",
        entry.id,
        coalition_id=entry.coalition_id,
        facts={"campaign_id": entry.campaign_id},
    )
