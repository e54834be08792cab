"""The command for development: `dev`, everything in one terminal."""

import asyncio
import shlex
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console

from navis_api.cli.content import import_samples
from navis_api.cli.database import (
    bring_up_to_date,
    command_database,
    owner_address,
)
from navis_api.cli.loop import run
from navis_api.cli.serving import api_server, bound_socket
from navis_api.db.embedded_keeping import kept
from navis_api.errors import OperatorFault
from navis_api.settings import Settings
from navis_api.telemetry import configure_logging
from navis_api.worker import Worker

_SAMPLE_QUERY = (
    '{ searchQuestions(text: "liver tumour came back", first: 1) { nodes { text answer {'
    " title reviewed review { reviewer credentials } summary"
    " sections { heading markdown } disclaimer { text } } } } }"
)
_SAMPLE_QUESTION = "What kinds of surgery are there for pancreatic cancer?"


class DevelopmentRefused(OperatorFault):
    """`dev` was asked for in production."""

    def __init__(self) -> None:
        super().__init__(
            "`navis-api dev` publishes sample content, and NAVIS_ENVIRONMENT is production. Use"
            " `navis-api serve` and `navis-api worker`."
        )


def dev() -> None:
    """Run everything in this terminal, with sample content. Ctrl-C stops it."""
    settings = Settings()
    if settings.is_production:
        raise DevelopmentRefused
    # What starts is said below, in words; unless somebody wants more, only trouble is logged.
    level = settings.log_level if "log_level" in settings.model_fields_set else "WARNING"
    configure_logging(level=level, as_json=settings.log_json)
    out = Console(highlight=False, soft_wrap=True)
    out.print("Starting …")
    with bound_socket(settings) as sock, _database(settings) as address:
        run(import_samples(command_database(address)))
        settings = settings.model_copy(update={"port": sock.getsockname()[1]})
        run(_run(settings, address, sock, out))
    out.print("Stopped.")


@contextmanager
def _database(settings: Settings) -> Generator[str]:
    """Give the address of the database that is named, or start the embedded one; bring it up."""
    if settings.database_url is not None:
        address = settings.database_url.get_secret_value()
        bring_up_to_date(owner_address(settings, address))
        yield address
        return
    with kept(settings.data_dir, started_here=True) as address:
        bring_up_to_date(address)
        yield address


async def _run(settings: Settings, address: str, sock: socket.socket, out: Console) -> None:
    jobs = Worker(settings, address)
    server = api_server(settings, address)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    working = asyncio.create_task(jobs.run())
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait({serving, up}, return_when=asyncio.FIRST_COMPLETED)
    if up.done():
        _print_what_to_try(settings, out)
    up.cancel()
    await asyncio.wait({serving, working}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    jobs.stop()
    await asyncio.gather(serving, working)


def _print_what_to_try(settings: Settings, out: Console) -> None:
    address = settings.public_address
    body = '{"query": ' + _json_string(_SAMPLE_QUERY) + "}"
    command = shlex.quote(sys.argv[0])
    where = (
        ""
        if settings.data_dir == Settings.model_fields["data_dir"].default
        else (f"NAVIS_DATA_DIR={shlex.quote(str(settings.data_dir))} ")
    )
    kept = (
        "the server in NAVIS_DATABASE_URL"
        if settings.database_url
        else (f"{settings.data_dir.absolute()} (embedded Postgres)")
    )
    out.print(
        f"\n[bold]Navis API is running.[/bold]\n\n"
        f"  GraphQL  {address}/graphql\n"
        f"  Review   {address}/review\n"
        f"  Health   {address}/ready\n"
        f"  Data     {kept}\n\n"
        "Read a sample answer, in another terminal:\n"
    )
    out.print(
        f"  curl -s {address}/graphql -H 'content-type: application/json' -d {shlex.quote(body)}\n",
        markup=False,
    )
    out.print("Ask a question; a new one is answered from the sources while you watch:\n")
    out.print(f"  {where}{command} ask {shlex.quote(_SAMPLE_QUESTION)}\n", markup=False)
    out.print("Sample content only: no clinician has reviewed it. Ctrl-C stops everything.")


def _json_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
