"""What an organizer writes of a task, and how a card is carried."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from advocacy.campaigns.forms.campaigns import TOO_LONG
from advocacy.campaigns.forms.plan import EXPOSURES, GIVE_MINUTES
from advocacy.campaigns.models import Milestone, Task
from advocacy.campaigns.services.working import TaskWords
from advocacy.web.fields import BlockField, LineField, VersionField
from advocacy.web.forms import Form

NOBODY = SelectChoice("", _l("Nobody yet"))
NONE = SelectChoice("", _l("None"))


class TaskForm(Form):
    """A card of the board."""

    title = LineField(
        _l("What is to be done"), [InputRequired(_l("Say what is to be done.")), Length(max=200, message=TOO_LONG)]
    )
    notes = BlockField(_l("Notes"), [Optional(), Length(max=4000, message=TOO_LONG)])
    assignee = SelectField(_l("Who does it"), [Optional()])
    due_on = DateField(_l("By which day"), [Optional()])
    effort_minutes = IntegerField(
        _l("Minutes it takes"),
        [InputRequired(GIVE_MINUTES), NumberRange(min=1, max=43200, message=GIVE_MINUTES)],
        default=30,
    )
    exposure = SelectField(_l("Who sees it"), choices=EXPOSURES)
    milestone = SelectField(_l("Milestone"), [Optional()])
    version = VersionField()

    def offer(self, people: dict[int, str], milestones: list[Milestone]) -> None:
        """Let the organizer pick a person and a milestone."""
        self.assignee.choices = [NOBODY, *(SelectChoice(str(key), name) for key, name in people.items())]
        self.milestone.choices = [NONE, *(SelectChoice(found.public_id, found.title) for found in milestones)]

    @property
    def words(self) -> TaskWords:
        """What was written, as plain values."""
        return TaskWords(
            title=self.title.data,
            effort_minutes=self.effort_minutes.data,
            exposure=self.exposure.data,
            notes=self.notes.data,
            assignee_id=int(self.assignee.data) if self.assignee.data else None,
            due_on=self.due_on.data,
            milestone=self.milestone.data or "",
        )

    @classmethod
    def of_task(cls, task: Task, milestone: str) -> TaskForm:
        """Filled from the posted form, else from the task."""
        assignee = "" if task.assignee_id is None else str(task.assignee_id)
        return cls.of_request(obj=task, assignee=assignee, milestone=milestone)


class CarryForm(Form):
    """Where a card goes: to a column, behind a card, or one place up or down."""

    version = VersionField(validators=[InputRequired()])
    state = HiddenField()
    after = HiddenField()
    shift = HiddenField()
