"""What a campaign says: asks, the facts on its page, its bills, its news."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.campaigns import words
from advocacy.campaigns.forms.facts import AskForm, NewsForm, ShowFactForm
from advocacy.campaigns.models import Ask, Campaign
from advocacy.campaigns.queries import bills, facts, news
from advocacy.campaigns.queries import campaigns as queries
from advocacy.campaigns.services import asking, telling
from advocacy.campaigns.views import pages
from advocacy.web import access, csrf, notices

bp = Blueprint("campaigns_message", __name__, url_prefix="/desk/campaigns/<token:public_id>")
LIBRARY = 200
notices.register("news-saved", _l("The entry is saved."))


@bp.get("/message")
@access.needs(queries.VIEW)
def show(public_id: str) -> Response:
    """Show asks, facts, bills and news."""
    found = queries.campaign(access.current_actor(), public_id)
    return pages.desk_page(
        "campaigns/desk/message.html",
        found,
        asks=facts.asks(found),
        ask_facts=facts.facts_for_asks(found),
        facts=facts.facts_of(found),
        bills=bills.bills_of(found),
        bill_words=words.BILLS,
        news=news.entries(found),
        today=queries.today(found.coalition_id),
    )


@bp.route("/asks/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_ask(public_id: str) -> BaseResponse:
    """Say one thing that is asked for."""
    actor = access.current_actor()
    found, form = queries.campaign(actor, public_id), AskForm.of_request()
    form.offer(list(facts.facts(actor, size=LIBRARY).rows))

    def act() -> BaseResponse:
        fact_ids = tuple(form.facts.data or ())
        asking.add_ask(actor, public_id, title=form.title.data, text=form.text.data, fact_ids=fact_ids)
        return pages.back_to(public_id, "message")

    return form.carry_out(act) or _ask_page(form, found, _("Add an ask"))


@bp.route("/asks/<token:part>", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def change_ask(public_id: str, part: str) -> BaseResponse:
    """Change an ask."""
    actor = access.current_actor()
    found = queries.campaign(actor, public_id)
    ask = _ask_of(found, part)
    held = [card.public_id for card in facts.facts_for_asks(found).get(ask.id, ())]
    form = AskForm.of_request(title=ask.title, text=ask.text, facts=held)
    form.offer(list(facts.facts(actor, size=LIBRARY).rows))

    def act() -> BaseResponse:
        fact_ids = tuple(form.facts.data or ())
        asking.change_ask(actor, part, title=form.title.data, text=form.text.data, fact_ids=fact_ids)
        return pages.back_to(public_id, "message")

    return form.carry_out(act) or _ask_page(form, found, _("Change the ask"))


@bp.post("/asks/<token:part>/remove")
@access.needs(queries.MANAGE)
@csrf.session
def remove_ask(public_id: str, part: str) -> BaseResponse:
    """Take an ask away."""
    found = queries.campaign(access.current_actor(), public_id)
    asking.remove_ask(access.current_actor(), _ask_of(found, part).public_id)
    return pages.back_to(public_id, "message")


@bp.route("/facts/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def show_fact(public_id: str) -> BaseResponse:
    """Put a card of the library on the campaign's page."""
    actor = access.current_actor()
    found, form = queries.campaign(actor, public_id), ShowFactForm.of_request()
    there = {card.id for card in facts.facts_of(found)}
    cards = [card for card in facts.facts(actor, size=LIBRARY).rows if card.id not in there]
    form.offer(cards)

    def act() -> BaseResponse:
        asking.show_fact(actor, public_id, form.fact.data, is_shown=True)
        return pages.back_to(public_id, "message")

    return form.carry_out(act) or pages.form_page(
        form,
        title=_("Put a fact on the page"),
        crumbs=pages.crumbs_of(found, "message"),
        lead="" if cards else _("There is no card left to choose. Write one in the library of facts first."),
    )


@bp.post("/facts/<token:part>/remove")
@access.needs(queries.MANAGE)
@csrf.session
def hide_fact(public_id: str, part: str) -> BaseResponse:
    """Take a card off the campaign's page; it stays in the library."""
    asking.show_fact(access.current_actor(), public_id, part, is_shown=False)
    return pages.back_to(public_id, "message")


@bp.route("/news/new", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def add_news(public_id: str) -> BaseResponse:
    """Write an entry."""
    actor = access.current_actor()
    found, form = queries.campaign(actor, public_id), NewsForm.of_request()

    def act() -> BaseResponse:
        title, text = form.title.data, form.text.data
        telling.add_news(actor, public_id, title=title, text=text, is_published=form.is_published.data)
        return pages.back_to(public_id, "message", "news-saved")

    return form.carry_out(act) or _news_page(form, found, _("Write news"))


@bp.route("/news/<token:part>", methods=["GET", "POST"])
@access.needs(queries.MANAGE)
@csrf.session
def change_news(public_id: str, part: str) -> BaseResponse:
    """Change an entry, publish it or take it back."""
    actor = access.current_actor()
    found, entry = queries.campaign(actor, public_id), news.entry(actor, part)
    pages.require_part(found, entry)
    form = NewsForm.of_request(obj=entry, is_published=entry.published_at is not None)

    def act() -> BaseResponse:
        title, text = form.title.data, form.text.data
        telling.change_news(actor, part, title=title, text=text, is_published=form.is_published.data)
        return pages.back_to(public_id, "message", "news-saved")

    return form.carry_out(act) or _news_page(form, found, _("Change the entry"))


def _ask_of(found: Campaign, part: str) -> Ask:
    ask = facts.ask(access.current_actor(), part)
    pages.require_part(found, ask)
    return ask


def _ask_page(form: AskForm, found: Campaign, title: str) -> Response:
    return pages.form_page(
        form,
        title=title,
        crumbs=pages.crumbs_of(found, "message"),
        lead=_("One thing that those who decide can do. Short enough to say in one breath."),
    )


def _news_page(form: NewsForm, found: Campaign, title: str) -> Response:
    return pages.form_page(
        form,
        title=title,
        crumbs=pages.crumbs_of(found, "message"),
        hints={"text": _("You can use headings, lists and links in Markdown.")},
    )
