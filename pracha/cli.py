"""The command line: `pracha --help`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from pracha.eval import evaluate
from pracha.nlu import nlu

if TYPE_CHECKING:
    from pracha.setup import Platform


class Commands(TyperGroup):
    """All commands: wrong settings end each of them with the variables' names."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            from pracha.environment import explain

            lines = explain(error)
            if not lines:
                raise
            for line in lines:
                console.print(f"[red]{escape(line)}[/]", highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=Commands,
    name="pracha",
    help="Pracha (ประชา): citizens write to their city, the city answers and follows every case to its end.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
cases = typer.Typer(help="Look at cases and change their state.", no_args_is_help=True)
app.add_typer(evaluate, name="eval")
app.add_typer(nlu, name="nlu")
app.add_typer(cases, name="case")
outbox = typer.Typer(help="Look at messages that could not be sent, and send them again.", invoke_without_command=True)
app.add_typer(outbox, name="outbox")
staff = typer.Typer(help="Who works in the console: take in, lock, roles, passwords.", no_args_is_help=True)
app.add_typer(staff, name="staff")
agency = typer.Typer(help="Agencies: who is there, who gets which case, who belongs where.", no_args_is_help=True)
app.add_typer(agency, name="agency")
faq = typer.Typer(help="Bring answers in from files and out into files (YAML, CSV, XLSX).", no_args_is_help=True)
app.add_typer(faq, name="faq")
console = Console()


@app.command()
def run(
    end_with_parent: Annotated[bool, typer.Option(help="End when the process that started this one dies.")] = False,
) -> None:
    """Start the whole system on this machine and watch it; Ctrl-C ends it."""
    from pracha.run import run as start

    raise typer.Exit(asyncio.run(start(console, parent=end_with_parent)))


@app.command()
def migrate() -> None:
    """Bring the database to the newest tables and the curated answers of knowledge_base/content in."""
    from core.settings import settings
    from pracha.run import prepare_database

    asyncio.run(prepare_database(settings(), console))


@app.command()
def migration(message: Annotated[str, typer.Argument(help="What changes, in a few words.")]) -> None:
    """For developers: write a migration from what the code's tables have and the database lacks. Read it before you commit it."""
    from core.database import Database
    from core.settings import settings
    from pracha import migrate as migrations
    from pracha.tables import import_all

    import_all()
    asyncio.run(migrations.revise(Database(settings().database), message))


@app.command()
def train(
    if_changed: Annotated[bool, typer.Option("--if-changed", help="Only when what it learns from has changed.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Keep it even if it understands less than the last one.")] = False,
) -> None:
    """Train the assistant's model and compare it with the last; the last line is the file that is kept."""
    from core.settings import settings
    from pracha import model

    try:
        typer.echo(model.ensure(settings()) if if_changed else model.train(settings(), force=force))
    except model.TrainingFailed as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from error


@app.command()
def process(
    kind: Annotated[str, typer.Argument(help="dispatcher, sender or desk")],
    name: Annotated[str, typer.Option(help="Unique among running processes, the same after a restart.")],
) -> None:
    """Run one worker process (what `pracha run` starts for you)."""
    from core.settings import settings
    from pracha import worker

    if kind not in {"dispatcher", "sender", "desk"}:
        raise typer.BadParameter("choose dispatcher, sender or desk", param_hint="KIND")
    asyncio.run(worker.run(kind, name, settings()))


@agency.command("list")
def agency_list() -> None:
    """Show all agencies with their units."""
    from pracha.agency import show_all

    raise typer.Exit(asyncio.run(show_all(console)))


@agency.command("try")
def agency_try(
    category: Annotated[str, typer.Argument(help="A category such as street-light")],
    place: Annotated[str, typer.Argument(help="จังหวัด/อำเภอ/ตำบล, as far as it is known")] = "",
) -> None:
    """Say who would get a case of this category at this place, and why."""
    from pracha.agency import try_out

    raise typer.Exit(asyncio.run(try_out(category, place, console)))


@agency.command("join")
def agency_join(
    login: Annotated[str, typer.Argument(help="A login of `pracha staff`")],
    agency_id: Annotated[str, typer.Argument(help="An id of `pracha agency list`, such as agc_pea")],
    leave: Annotated[bool, typer.Option("--leave", help="They no longer belong to it.")] = False,
) -> None:
    """Let a member of staff belong to an agency: they see its cases at once, and the city's no more."""
    from pracha.agency import join

    raise typer.Exit(asyncio.run(join(login, agency_id, leave, console)))


@cases.command("show")
def case_show(number: Annotated[str, typer.Argument(help="A case number such as P69-000123-8")]) -> None:
    """Show a case and its time line, as staff see it."""
    from pracha.case import show

    raise typer.Exit(asyncio.run(show(number, console)))


@cases.command("change")
def case_change(
    number: Annotated[str, typer.Argument(help="A case number such as P69-000123-8")],
    state: Annotated[str, typer.Argument(help="accepted, in_progress, waiting_citizen, done, closed, rejected, …")],
    note: Annotated[str, typer.Option(help="What the citizen is told; needed for done and rejected.")] = "",
) -> None:
    """Move a case to another state; the citizen is told on their own channel."""
    from pracha.case import change

    raise typer.Exit(asyncio.run(change(number, state, note, console)))


@app.command("channels")
def channels_show() -> None:
    """Which accounts of LINE, Telegram, Messenger and Instagram are configured, and how each does."""
    from pracha.channels import show

    raise typer.Exit(asyncio.run(show(console)))


@outbox.callback()
def outbox_all(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="dead, pending, sending or sent")] = "dead",
    limit: Annotated[int, typer.Option(help="The most to show, newest first.")] = 50,
) -> None:
    """Look at messages that could not be sent (dead letters), and send them again."""
    from pracha.outbox import STATES, show_all

    if context.invoked_subcommand is not None:
        return
    if state not in STATES:
        raise typer.BadParameter("choose dead, pending, sending or sent", param_hint="--state")
    raise typer.Exit(asyncio.run(show_all(state, limit, console)))


@outbox.command("show")
def outbox_show(
    row_id: Annotated[str, typer.Argument(metavar="ID", help="An id that `pracha outbox` shows.")],
    text: Annotated[bool, typer.Option("--text", help="Also what the message says; that is written into the audit log.")] = False,
) -> None:
    """Show one message of the outbox."""
    from pracha.outbox import show

    raise typer.Exit(asyncio.run(show(row_id, text, console)))


@outbox.command("retry")
def outbox_retry(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Ids that `pracha outbox` shows.")] = None,
    channel: Annotated[str | None, typer.Option(help="All dead letters of a channel, such as line.")] = None,
    account: Annotated[str | None, typer.Option(help="Only of this account of the channel.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All dead letters there are.")] = False,
) -> None:
    """Send dead letters again."""
    from pracha.outbox import retry

    raise typer.Exit(asyncio.run(retry(ids or [], channel, account, everything, console)))


_Login = Annotated[str, typer.Argument(help="What they log in with.")]
_Roles = Annotated[list[str], typer.Option("--role", help="curator, reviewer, administrator; may be given several times.")]
_Generate = Annotated[bool, typer.Option("--generate", help="Make a random password and print it, instead of asking for one.")]


@staff.command("add")
def staff_add(
    login: _Login,
    role: _Roles,
    name: Annotated[str, typer.Option(help="As colleagues see it; the login when left out.")] = "",
    generate: _Generate = False,
) -> None:
    """Take somebody in."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.add(login, name, role, _password(generate), generate, console)))


@staff.command("list")
def staff_list() -> None:
    """Who there is, with which roles."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.show_all(console)))


@staff.command("lock")
def staff_lock(login: _Login) -> None:
    """End somebody's access at once; what they did stays."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.lock(login, console)))


@staff.command("unlock")
def staff_unlock(login: _Login) -> None:
    """Let somebody in again."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.unlock(login, console)))


@staff.command("roles")
def staff_roles(login: _Login, role: _Roles) -> None:
    """Give other roles instead of the present ones."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.set_roles(login, role, console)))


@staff.command("password")
def staff_password(login: _Login, generate: _Generate = False) -> None:
    """Give a new password; whoever is logged in with the old one must log in again."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.change_password(login, _password(generate), generate, console)))


@staff.command("reset-second-factor")
def staff_reset_second_factor(login: _Login) -> None:
    """Take the second factor of somebody away who lost telephone and recovery codes; they must log in again."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.reset_second_factor(login, console)))


@staff.command("link")
def staff_link(
    login: _Login,
    provider: Annotated[str, typer.Argument(help="Its name in the settings: PRACHA_OIDC__NAME__...")],
    subject: Annotated[str, typer.Argument(help="The person's id there, which the log-in page shows to who is not linked.")],
) -> None:
    """Let an account of a sign-in provider log somebody in."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.link(login, provider, subject, console)))


@staff.command("unlink")
def staff_unlink(
    login: _Login, provider: Annotated[str, typer.Argument(help="Its name in the settings: PRACHA_OIDC__NAME__...")]
) -> None:
    """Let a provider's account log somebody in no longer."""
    from pracha import staff as commands

    raise typer.Exit(asyncio.run(commands.unlink(login, provider, console)))


def _password(generate: bool) -> str:
    """Never an argument: the shell's history and the list of processes would show it."""
    if generate:
        from helpdesk.password import generate as make

        return make()
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@faq.command("import")
def faq_import(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A .yml, .csv or .xlsx file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="In the state the file gives, at once; without it every text becomes a draft.")
    ] = False,
) -> None:
    """Bring answers in: all of the file, or nothing when a row is wrong."""
    from pracha.faq import bring_in

    raise typer.Exit(asyncio.run(bring_in(file, dry_run=dry_run, publish=publish, console=console)))


@faq.command("export")
def faq_export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="A .yml, .csv or .xlsx file; one that is there is replaced.")],
    group: Annotated[str, typer.Option(help="Only this group, such as tax.")] = "",
    live: Annotated[bool, typer.Option("--live", help="What citizens read now, instead of the newest texts.")] = False,
) -> None:
    """Write answers into a file."""
    from pracha.faq import send_out

    raise typer.Exit(asyncio.run(send_out(file, group=group, live=live, console=console)))


def _add_setup(platform: "Platform", title: str, what: str) -> None:
    commands = typer.Typer(help=f"Set {title} up.", no_args_is_help=True)

    @commands.callback()
    def group() -> None:
        """Keeps `setup` a command of its own."""

    @commands.command("setup", help=what)
    def setup_account(
        account: Annotated[str | None, typer.Option(help="Its name in .env; needed when there are several.")] = None,
    ) -> None:
        from pracha.setup import setup

        raise typer.Exit(asyncio.run(setup(platform, account, console)))

    app.add_typer(commands, name=platform, help=f"Set {title} up.")


_add_setup("line", "LINE", "Register the webhook at LINE, and make and link the rich menu.")
_add_setup("telegram", "Telegram", "Register the webhook at Telegram, and the bot's commands and description.")
_add_setup("messenger", "Messenger", "Set the greeting, the start button and the menu, and subscribe to the Page's events.")
_add_setup("instagram", "Instagram", "Set the first questions and the menu, and subscribe to the account's events.")


if __name__ == "__main__":
    app()
