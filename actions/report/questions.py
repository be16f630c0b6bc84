"""Which question of a report comes next, and how it is asked."""

from collections.abc import Callable

from actions import english
from actions.report import same, titles
from actions.report.draft import OTHER, Draft
from actions.voice import Voice, choice
from conversations.content import Choice
from helpdesk import intake
from helpdesk.category import all_categories, category

_PAGE = 8  # categories at a time: LINE shows at most 13 buttons
_EDITABLE = ("description", "category", "place", "photos", "contact")


def next_question(draft: Draft) -> str | None:
    """The first field that is still to be told; None when the report is confirmed."""
    for field, wanted in _WANTED.items():
        if wanted(draft):
            return field
    return None


def ask(field: str, draft: Draft, voice: Voice, page: int = 0) -> None:
    """Ask for a field, in other words when the first answer was unclear."""
    if field == "edit":
        voice.say("utter_edit_what", choices=[voice.choice(f"edit {name}", "edit_field", field=name) for name in _EDITABLE])
    elif field == "category":
        _ask_category(draft, voice, page)
    elif field == "contact":
        _ask_contact(draft, voice)
    elif field == "duplicate":
        same.ask(draft, voice)
    elif field == "confirmed":
        _ask_confirmed(draft, voice)
    elif draft.times(field):
        voice.say(f"utter_{field}_again")
    elif field == "description" and draft.kind == "contact":
        voice.say("utter_ask_contact_description")
    else:
        voice.say(f"utter_ask_{field}")


def _ask_category(draft: Draft, voice: Voice, page: int) -> None:
    likely = [name for name in draft.guess or [] if titles.known(name)]
    if likely and not page:
        first = choice(voice.word("yes"), "choose_category", category=likely[0])
        others = [_category_choice(name, voice) for name in likely[1:]]
        every = voice.choice("all categories", "choose_category", page=1)
        voice.say("utter_confirm_category", [first, *others, every], category_title=titles.title(likely[0], voice.language))
        return
    again = draft.times("category") and not page
    voice.say("utter_category_again" if again else "utter_choose_category", _listed(voice, max(page, 1)))


def _listed(voice: Voice, page: int) -> list[Choice]:
    """A page of all categories; "other" is on each."""
    names = [found.id for found in all_categories() if found.id != OTHER]
    shown = names[(page - 1) * _PAGE : page * _PAGE]
    more = [voice.choice("more categories", "choose_category", page=page + 1)] if len(names) > page * _PAGE else []
    return [*(_category_choice(name, voice) for name in shown), _category_choice(OTHER, voice), *more]


def _category_choice(name: str, voice: Voice) -> Choice:
    return choice(titles.button(name, voice.language), "choose_category", category=name)


def _ask_contact(draft: Draft, voice: Voice) -> None:
    held = draft.contact or {}
    told = held.get("phone") or held.get("name")
    if held.get("consent"):
        voice.say("utter_write_contact")
    elif told:
        voice.say("utter_ask_consent", contact_shown=f"{voice.word('phone' if held.get('phone') else 'name')} {told}")
    else:
        voice.say("utter_ask_contact")


def _ask_confirmed(draft: Draft, voice: Voice) -> None:
    if draft.times("confirmed"):
        choices = [voice.choice("send report", "affirm"), voice.choice("edit", "edit_field"), voice.choice("cancel", "cancel")]
        voice.say("utter_confirm_report_again", choices)
    elif voice.language == "en":
        voice.show(english.summary_card(draft.intake()))
    else:
        voice.show(intake.summary_card(draft.intake()))


def _wants_place(draft: Draft) -> bool:
    return draft.place is None and draft.kind != "contact" and category(draft.category or OTHER).place


def _wants_duplicate(draft: Draft) -> bool:
    found = draft.duplicate or {}
    return bool(found.get("number")) and not found.get("answer")


def _wants_photos(draft: Draft) -> bool:
    return draft.photos is None and draft.kind != "contact" and category(draft.category or OTHER).photo


def _wants_contact(draft: Draft) -> bool:
    contact = draft.contact
    return contact is None or (contact != {} and draft.reach() is None)


_WANTED: dict[str, Callable[[Draft], bool]] = {
    "duplicate": _wants_duplicate,
    "description": lambda draft: draft.description is None,
    "category": lambda draft: draft.category is None,
    "place": _wants_place,
    "photos": _wants_photos,
    "contact": _wants_contact,
    "confirmed": lambda draft: not draft.confirmed,
}
