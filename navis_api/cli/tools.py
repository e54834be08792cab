"""Commands for those who build on this: `schema`, and the table of settings."""

import typer

from navis_api.graphql.schema import schema_sdl
from navis_api.settings import Settings


def schema() -> None:
    """Print the GraphQL schema."""
    typer.echo(schema_sdl(), nl=False)


def settings_table() -> None:
    """Print the settings as the table in docs/operations.md."""
    typer.echo("| Variable | Default | What it sets |\n|---|---|---|")
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        typer.echo(f"| `NAVIS_{name.upper()}` | {default} | {field.description} |")
