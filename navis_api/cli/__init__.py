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

from navis_api.cli.asking import ask
from navis_api.cli.audit import audit
from navis_api.cli.content import content
from navis_api.cli.development import dev, token
from navis_api.cli.documents import documents
from navis_api.cli.erasing import erase
from navis_api.cli.evaluation import evaluation
from navis_api.cli.generating import generation_schema, generation_server
from navis_api.cli.keys import keys
from navis_api.cli.partner_usage import reconcile, usage
from navis_api.cli.partners import partners
from navis_api.cli.review import review
from navis_api.cli.serving import migrate, serve, worker
from navis_api.cli.sources import sources
from navis_api.cli.staff import staff
from navis_api.cli.tools import schema, settings_table
from navis_api.errors import NavisError, UserFault

_EXIT_SURROUNDINGS = 1
_EXIT_INPUT = 2
_EXIT_INTERRUPTED = 130

cli = typer.Typer(
    name="navis-api",
    help="Reviewed and grounded answers to the questions people with cancer ask.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (dev, serve, worker, generation_server, migrate, ask, schema, token, erase):
    cli.command()(command)
cli.command("settings", hidden=True)(settings_table)
cli.command("generation-schema", hidden=True)(generation_schema)
cli.add_typer(sources)
cli.add_typer(content)
cli.add_typer(evaluation)
cli.add_typer(audit)
cli.add_typer(staff)
cli.add_typer(documents)
cli.add_typer(review)
cli.add_typer(keys)
for command in (usage, reconcile):
    partners.command()(command)
cli.add_typer(partners)


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
