"""The command that signs somebody in while developing: `token`."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.cli.staff import register_made_up
from navis_api.errors import InvalidInput
from navis_api.identity.claims import MAX_SUBJECT_CHARS, is_subject
from navis_api.identity.errors import DevelopmentIssuerRefused
from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.kit.clock import utc_now
from navis_api.review.models import StaffRole
from navis_api.settings import Settings


class Role(StrEnum):
    """What a token's holder may do."""

    PATIENT = "patient"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"


_STAFF = {
    Role.REVIEWER: StaffRole.REVIEWER,
    Role.EDITOR: StaffRole.EDITOR,
    Role.ADMIN: StaffRole.ADMINISTRATOR,
}


def token(
    *,
    role: Annotated[Role, typer.Option(help="What its holder may do.")],
    subject: Annotated[str, typer.Option(help="Who its holder is: any made-up name.")],
    minutes: Annotated[int, typer.Option(min=1, max=10_080, help="How long it is good for.")] = 60,
    cancer: Annotated[
        list[str] | None,
        typer.Option(
            help="Slug of a cancer that a new reviewer decides on; every cancer unless given."
            " May be repeated."
        ),
    ] = None,
) -> None:
    """Print an access token of the development issuer, for an Authorization: Bearer header.

    A reviewer, editor or admin who isn't on the staff yet is put there, as a made-up person.
    """
    settings = Settings()
    if settings.is_production:
        raise DevelopmentIssuerRefused
    if not is_subject(subject):
        raise InvalidInput(f"Give --subject 1 to {MAX_SUBJECT_CHARS} letters and signs.")
    if role in _STAFF:
        with database_address(settings) as address:
            made_up = run(
                register_made_up(
                    command_database(address),
                    subject=subject,
                    role=_STAFF[role],
                    slugs=cancer or (),
                )
            )
        if made_up is not None:
            typer.echo(f"{subject} is on the staff now, as {made_up.role.lower()}.", err=True)
    typer.echo(
        issue_development_token(
            development_key(settings.data_dir),
            role=role.value,
            subject=subject,
            now=utc_now(),
            lifetime=timedelta(minutes=minutes),
        )
    )
