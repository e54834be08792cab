import re
from typing import Any

import pytest
from pydantic import ValidationError

from navis_api.settings import Environment, Operations, Settings


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("NAVIS_"):
            monkeypatch.delenv(name)


def test_without_any_setting_it_runs_in_development_on_the_embedded_database() -> None:
    settings = Settings()
    assert settings.environment is Environment.DEVELOPMENT
    assert not settings.is_production
    assert settings.database_url is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert not settings.allow_sample_content


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAVIS_PORT", "9000")
    monkeypatch.setenv("NAVIS_ENVIRONMENT", "production")
    monkeypatch.setenv("NAVIS_UNKNOWN_TO_US", "x")
    settings = Settings()
    assert settings.port == 9000
    assert settings.is_production


@pytest.mark.parametrize(
    ("environment", "introspection", "allowed"),
    [
        ("development", None, True),
        ("production", None, False),
        ("production", True, True),
        ("development", False, False),
    ],
)
def test_introspection_is_for_development_unless_told_otherwise(
    *, environment: str, introspection: bool | None, allowed: bool
) -> None:
    settings = Settings(environment=Environment(environment), introspection=introspection)
    assert settings.introspection_allowed is allowed


@pytest.mark.parametrize(
    ("environment", "operations", "only_registered"),
    [
        ("development", None, False),
        ("production", None, True),
        ("production", "any", False),
        ("development", "registered", True),
    ],
)
def test_production_executes_what_is_registered_unless_told_otherwise(
    *, environment: str, operations: str | None, only_registered: bool
) -> None:
    settings = Settings(
        environment=Environment(environment),
        operations=Operations(operations) if operations else None,
    )
    assert settings.only_registered_operations is only_registered


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 70_000},
        {"port": "http"},
        {"environment": "staging"},
        {"operations": "some"},
        {"database_pool_size": 0},
        {"max_query_depth": 0},
        {"generation_lease_s": 0},
    ],
)
def test_a_setting_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_a_setting_cannot_be_changed_later() -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.port = 1


def test_a_password_in_an_address_is_not_printed() -> None:
    settings = Settings(database_url="postgresql://u:hidden-pass@h/d")  # pyright: ignore[reportArgumentType]
    assert "hidden-pass" not in repr(settings)
    assert "hidden-pass" not in str(settings.model_dump())


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_numbers_have_their_unit_in_the_name() -> None:
    units = re.compile(
        r"_(s|bytes|chars|tokens|depth|aliases|directives|definitions|cost|size|passages"
        r"|attempts|failures|port|months|documents|days|points|per_hour"
        r"|uploads|exports|(sockets|subscriptions)(_address)?)$"
    )
    counts = {"port", "worker_concurrency", "generation_concurrency", "webhook_concurrency"}
    for name, field in Settings.model_fields.items():
        if field.annotation in {int, float}:
            assert units.search(name) or name in counts, name
