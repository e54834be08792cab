"""The commands for reviewers and editors, put together: `navis-api review`."""

import typer

from navis_api.cli.review.queue import counts_, list_, show, stuck_
from navis_api.cli.review.steps import approve, publish, reject, request_changes, retract
from navis_api.cli.review.work import claim, comment, release

review = typer.Typer(
    name="review",
    help="Read, approve and reject what waits for review. Your access token is in NAVIS_TOKEN.",
    no_args_is_help=True,
)
review.command("list")(list_)
review.command("stuck")(stuck_)
review.command("counts")(counts_)
for command in (show, claim, release, comment, approve, request_changes, reject, publish, retract):
    review.command()(command)
