"""`pracha eval`: how well the assistant finds, in figures."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

T = TypeVar("T")
evaluate = typer.Typer(help="Measure how well the assistant understands and finds.", no_args_is_help=True)


@evaluate.command("faq")
def eval_faq(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help='JSON lines {"text", "topic"}')],
    oos: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help='JSON lines {"text"} that nobody can answer')
    ] = None,
) -> None:
    """How often the right answer is found; the last line is JSON."""
    from knowledge_base.evaluate import evaluate_faq

    _explained(lambda: asyncio.run(evaluate_faq(file, oos, sys.stdout)))


@evaluate.command("retrieval")
def eval_retrieval(
    contexts: Annotated[Path, typer.Option(exists=True, dir_okay=False, help='JSON lines {"cid", "text"}')],
    questions: Annotated[Path, typer.Option(exists=True, dir_okay=False, help='JSON lines {"question", "cid"}')],
    dense: Annotated[bool, typer.Option(help="Compare meaning too; encoding takes minutes for a few hundred passages.")] = False,
) -> None:
    """How well passages of any collection are found, beside plain BM25; the last line is JSON."""
    from knowledge_base.encoder import open_plain_encoder
    from knowledge_base.retrieval import evaluate_retrieval

    _explained(lambda: evaluate_retrieval(contexts, questions, open_plain_encoder(dense=dense), sys.stdout))


_Asked = Annotated[Path, typer.Argument(exists=True, dir_okay=False, resolve_path=True)]
_Rows = Annotated[
    Path, typer.Option(exists=True, dir_okay=False, resolve_path=True, help="JSON lines with a text and its label.")
]


@evaluate.command("intents")
def eval_intents(file: _Asked) -> None:
    """How often the intent is understood, from JSON lines {"text", "intent"}; the last line is JSON."""
    _with_model("intents", file)


@evaluate.command("reports")
def eval_reports(file: _Asked) -> None:
    """How often category and place are understood, from JSON lines {"text", "category", "place"}; the last line is JSON."""
    _with_model("reports", file)


@evaluate.command("dates")
def eval_dates(file: _Asked) -> None:
    """How often a time is understood, from JSON lines {"text", "now", "iso"}; the last line is JSON."""
    _with_model("dates", file)


@evaluate.command("pipeline")
def eval_pipeline(
    train: _Rows,
    test: _Rows,
    label: Annotated[str, typer.Option(help="The key of the label in both files.")] = "intent",
) -> None:
    """How good the pipeline of config.yml is on data by others; takes minutes for 10,000 rows. The last line is JSON."""
    from core.settings import settings
    from pracha import understanding

    files = ("--train", str(train), "--test", str(test))
    raise typer.Exit(understanding.evaluate(settings(), "pipeline", *files, "--label", label))


def _with_model(what: str, file: Path) -> None:
    """Measure the present model, trained first where there is none; its code is the command's."""
    from core.settings import settings
    from pracha import model, understanding

    try:
        trained = model.ensure(settings())
    except model.TrainingFailed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(understanding.evaluate(settings(), what, str(file), "--model", str(trained)))


def _explained(work: Callable[[], T]) -> T:
    """Do something; a file that cannot be used ends it with a sentence."""
    from knowledge_base.evaluate import QuestionsError
    from knowledge_base.retrieval import CollectionError

    try:
        return work()
    except (QuestionsError, CollectionError) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
