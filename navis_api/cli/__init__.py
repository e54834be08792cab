"""The command line, put together: `navis-api`.

Exit codes: 0 done; 1 the surroundings have to be put right (a setting, a server, a
folder); 2 the input has, or what was asked for is refused, as a step of the review may be;
3 the sources say too little for an answer; 4 an answer could not be written; 5 some
documents were broken and the others imported; 6 the question isn't ours to answer, and
what was printed says what to do; 7 the audit record is broken, and what was printed says
where; 8 registered documents can't be served by this code, and are named; 9 the access log
and what was metered differ, and what was printed says where; 130 stopped by Ctrl-C.
"""

import sys

import typer
from pydantic import ValidationError
from rich.console import Console

from navis_api.cli.commands import Commands
from navis_api.errors import NavisError, UserFault

_EXIT_SURROUNDINGS = 1
_EXIT_INPUT = 2
_EXIT_INTERRUPTED = 130

cli = typer.Typer(
    name="navis-api",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.callback()
def navis_api() -> None:
    """Reviewed and grounded answers to the questions people with cancer ask."""


def main() -> None:
    """Run the command that was typed, and turn our own errors into a sentence and an exit code."""
    try:
        cli()
    except NavisError as error:
        Console(stderr=True, highlight=False).print(str(error), style="red", markup=False)
        sys.exit(_EXIT_INPUT if isinstance(error, UserFault) else _EXIT_SURROUNDINGS)
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in wrong["loc"]).upper()
            Console(stderr=True, highlight=False).print(
                f"NAVIS_{name}: {wrong['msg']}", style="red", markup=False
            )
        sys.exit(_EXIT_SURROUNDINGS)
    except KeyboardInterrupt:
        sys.exit(_EXIT_INTERRUPTED)
