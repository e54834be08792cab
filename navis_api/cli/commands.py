"""Which commands there are, each loaded when it is typed: together they load all that there is."""

import gc
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

_PLACES: Final = {
    "dev": "development.dev",
    "serve": "serving.serve",
    "worker": "serving.worker",
    "generation-server": "generating.generation_server",
    "migrate": "migrating.migrate",
    "ask": "asking.ask",
    "schema": "tools.schema",
    "token": "tokens.token",
    "erase": "erasing.erase",
    "settings": "tools.settings_table",
    "generation-schema": "generating.generation_schema",
    "sources": "sources.sources",
    "content": "content.content",
    "eval": "evaluation.evaluation",
    "audit": "audit.audit",
    "staff": "staff.staff",
    "documents": "documents.documents",
    "review": "review.review",
    "keys": "keys.keys",
    "partners": "partners.partners",
}
"""Where in this package a command is: a function, or a group of commands."""

_FOR_DEVELOPERS: Final = {"settings", "generation-schema"}


class Commands(TyperGroup):
    """All commands by name."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  (Typer's own)
        # So that Typer knows their names; `get_command` gives what they are.
        super().__init__(**attributes)
        self.commands.update(map(_named, _PLACES))

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:  # noqa: ANN401
        """Return a command, and None for another name."""
        del ctx
        place = _PLACES.get(cmd_name)
        return _loaded(cmd_name, *place.split(".")) if place is not None else None


def _named(name: str) -> tuple[str, TyperCommand]:
    return name, TyperCommand(name)


def _loaded(name: str, module: str, attribute: str) -> TyperCommand | TyperGroup:
    # A fifth of the time went into looking for garbage among modules, which stay.
    gc.disable()
    try:
        import_module("navis_api.tables")
        found = getattr(import_module(f"navis_api.cli.{module}"), attribute)
    finally:
        gc.enable()
    if isinstance(found, typer.Typer):
        return get_group(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name, hidden=name in _FOR_DEVELOPERS)(found)
    command = get_command(alone)
    assert isinstance(command, TyperCommand)
    return command
