"""What the commands of `review` take, and how they begin: as whoever the token names."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import typer

from navis_api.cli.database import database_address
from navis_api.cli.loop import run
from navis_api.cli.review.desk import Terminal, access_token
from navis_api.errors import InvalidInput
from navis_api.settings import Settings

Result = TypeVar("Result")

AnswerName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="The answer's id, its slug, or the beginning or end of its UUID."
    ),
]
Revision: TypeAlias = Annotated[
    int | None, typer.Option(min=1, max=2**31 - 1, help="Its number. Unset: the one that waits.")
]
Version: TypeAlias = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=2**31 - 1,
        help="The version that you have read, with --revision, as `review show` prints them."
        " Unset: it is shown, and you are asked.",
    ),
]
TokenFile: TypeAlias = Annotated[
    Path | None, typer.Option(help="A file with your access token. Unset: NAVIS_TOKEN has it.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


def at_terminal(
    token_file: Path | None, work: Callable[[Terminal], Coroutine[Any, Any, Result]]
) -> Result:
    """Do something as whoever the token names."""
    token = access_token(token_file)
    settings = Settings()

    async def whole(address: str) -> Result:
        terminal = Terminal(settings, address, token)
        try:
            return await work(terminal)
        finally:
            await terminal.close()

    with database_address(settings) as address:
        return run(whole(address))


def readable(given: str) -> str:
    """Return a text. Raises InvalidInput where a shell passed bytes that are none."""
    try:
        given.encode()
    except UnicodeEncodeError:
        raise InvalidInput("This text is not in UTF-8.") from None
    return given
