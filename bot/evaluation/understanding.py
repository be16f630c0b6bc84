"""How well a model understands intents, reports and dates: figures printed for people, and returned for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.evaluation import rows
from bot.evaluation.figures import Judged, accuracy, calibration_error, confusions, macro_f1, reliability
from bot.evaluation.model import Reader, Understood
from core.thai import normalise

Figures = dict[str, float]


def check(what: str, file: Path) -> None:
    """Read a file for `intents`, `reports` or `dates` and refuse it if a row is wrong.

    Raises:
        BadFile: with the row.
    """
    {"intents": _asked_intents, "reports": _asked_reports, "dates": _asked_dates}[what](file)


def intents(reader: Reader, file: Path, out: TextIO) -> Figures:
    """Measure the intents of a file of {"text", "intent"}.

    Raises:
        BadFile: with the row, also for an intent that the model does not know.
    """
    asked = _asked_intents(file)
    read = reader.read([row["text"] for row in asked])
    rows.check_known(file, asked, "intent", reader.intents, "intent")
    judged = [Judged(row["intent"], found.intent, found.sure) for row, found in zip(asked, read, strict=True)]
    show("intents", judged, out)
    _show_fallback(judged, read, out)
    return {"accuracy": accuracy(judged), "macro_f1": macro_f1(judged), "ece": calibration_error(judged)}


def reports(reader: Reader, file: Path, out: TextIO) -> Figures:
    """Measure the categories and places of a file of {"text", "category", "place"}; the place may be null.

    Raises:
        BadFile: with the row, also for a category that the model does not know.
    """
    asked = _asked_reports(file)
    read = reader.read([row["text"] for row in asked])
    judged = [
        Judged(row["category"], found.category["name"], found.category["confidence"])
        for row, found in zip(asked, read, strict=True)
    ]
    rows.check_known(file, asked, "category", reader.categories, "category")
    show("categories", judged, out)
    exact = _show_places(asked, read, out)
    taken = sum(found.intent == "report_problem" for found in read) / len(read)
    print(f"taken as reports: {taken:.1%}", file=out)
    return {"category_accuracy": accuracy(judged), "place_exact": exact}


def dates(reader: Reader, file: Path, out: TextIO) -> Figures:
    """Measure the times of a file of {"text", "now", "iso"}: the first time of each text counts; null means that there is none.

    A time is right to what the row says: "2026-11-05" asks for the day only, "2026-11-05T20:00" for the minute.

    Raises:
        BadFile: with the row.
    """
    asked = _asked_dates(file)
    read = reader.read([row["text"] for row in asked], [row["now"] for row in asked])
    right = 0
    for row, found in zip(asked, read, strict=True):
        said = next((entity["value"] for entity in found.entities if entity["entity"] == "time"), None)
        fits = _same_time(row["iso"], said)
        right += fits
        if not fits:
            print(f"  row {row['row']}: {row['iso'] or 'none'} read as {said or 'none'}", file=out)
    print(f"dates: {right} of {len(asked)} right ({right / len(asked):.1%})", file=out)
    return {"accuracy": right / len(asked)}


def show(what: str, judged: Sequence[Judged], out: TextIO) -> None:
    """Print the figures of a classifier, what it confuses, and how honest its probabilities are."""
    print(
        f"{what}: {len(judged)} messages, {accuracy(judged):.1%} right, macro-F1 {macro_f1(judged):.3f},"
        f" calibration error {calibration_error(judged):.3f}",
        file=out,
    )
    for start, count, share in reliability(judged):
        print(f"  probability {start:.1f} to {start + 0.1:.1f}: {count:5d} messages, {share:6.1%} right", file=out)
    for right, chosen, count in confusions(judged):
        print(f"  {count:4d} x {right} read as {chosen}", file=out)


def _asked_intents(file: Path) -> list[rows.Row]:
    return rows.read(file, ("text", "intent"))


def _asked_reports(file: Path) -> list[rows.Row]:
    return rows.read(file, ("text", "category"), ("place",))


def _asked_dates(file: Path) -> list[rows.Row]:
    asked = rows.read(file, ("text", "now"), ("iso",))
    for row in asked:
        rows.moment(file, row, "now")
        if row["iso"]:
            rows.moment(file, row, "iso")
    return asked


def _show_fallback(judged: Sequence[Judged], read: Sequence[Understood], out: TextIO) -> None:
    """Print what the fallback does: a right choice that it overrules costs a question, a wrong one is a mistake less."""
    unsure = [one for one, found in zip(judged, read, strict=True) if found.fell_back]
    kept = [one for one, found in zip(judged, read, strict=True) if not found.fell_back]
    saved = sum(one.right != one.chosen for one in unsure)
    print(f"fallback: {len(unsure)} messages asked again, {saved} of them would have been misread", file=out)
    if kept:
        print(f"  of the {len(kept)} that are acted on {accuracy(kept):.1%} are right", file=out)


def _show_places(asked: Sequence[rows.Row], read: Sequence[Understood], out: TextIO) -> float:
    """Print and return the share of the named places that are found exactly, as the case would hold them."""
    named = exact = invented = 0
    for row, found in zip(asked, read, strict=True):
        said = " ".join(entity["value"] for entity in found.entities if entity["entity"] == "place")
        wanted = row["place"] or ""
        if not wanted:
            invented += bool(said)
            continue
        named += 1
        if _same_words(said, wanted):
            exact += 1
        else:
            print(f"  row {row['row']}: [{wanted}] found as [{said}]", file=out)
    share = exact / named if named else 1.0
    print(
        f"places: {exact} of {named} exact ({share:.1%}); in {invented} of {len(asked) - named} without a place one was seen",
        file=out,
    )
    return share


def _same_words(one: str, other: str) -> bool:
    return normalise(one).replace(" ", "") == normalise(other).replace(" ", "")


def _same_time(wanted: str | None, said: str | None) -> bool:
    if not wanted or not said:
        return not wanted and not said
    exact = datetime.fromisoformat(wanted.replace("Z", "+00:00")).replace(tzinfo=None)
    found = datetime.fromisoformat(said)
    return found == exact.replace(second=0) if "T" in wanted or " " in wanted else found.date() == exact.date()
