"""docker-compose.yml: what each of its containers may do, and waits for."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ROOTS = {"root", "0", ""}
# Run to their end.
ENDING = {"migrate"}


def test_everything_that_is_needed_is_there() -> None:
    assert {"postgres", "migrate", "api", "worker", "objects"} <= set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_is_root_or_can_become_it(name: str) -> None:
    service = SERVICES[name]
    assert str(service["user"]).partition(":")[0] not in ROOTS
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "cap_add" not in service
    assert not service.get("privileged")
    assert "pid" not in service
    assert service.get("network_mode") != "host"


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_written_but_to_what_is_mounted(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]  # noqa: S108 - the container's own
    for volume in service.get("volumes", []):
        source = volume.partition(":")[0]
        # Named, so that nothing of the machine's own is mounted.
        assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_is_limited_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["restart"] == ("no" if name in ENDING else "unless-stopped")


@pytest.mark.parametrize("name", SERVICES)
def test_each_says_whether_it_is_well(name: str) -> None:
    service = SERVICES[name]
    if name in ENDING:
        assert service["healthcheck"] == {"disable": True}
    elif "build" in service and "healthcheck" not in service:
        assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    else:
        assert service["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_images_have_a_version(name: str) -> None:
    _, _, tag = SERVICES[name]["image"].rpartition("/")[2].partition(":")
    assert tag not in {"", "latest"}


def test_nobody_begins_before_what_they_need() -> None:
    for name in ("api", "worker"):
        needed = SERVICES[name]["depends_on"]
        assert needed["migrate"] == {"condition": "service_completed_successfully"}
        assert needed["objects"] == {"condition": "service_healthy"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_only_the_api_is_reached_from_outside_and_only_from_this_machine() -> None:
    ports = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert list(ports) == ["api"]
    assert all(each.startswith("127.0.0.1:") for each in ports["api"])


def test_both_who_use_the_store_have_its_address_and_the_secret_that_it_has() -> None:
    """And no secret stands there but for those of a machine of one's own."""
    store = SERVICES["objects"]["environment"]
    for name in ("api", "worker"):
        given = SERVICES[name]["environment"]
        assert given["NAVIS_OBJECTS_URL"] == f"s3://{store['S3_BUCKET']}"
        assert given["AWS_ENDPOINT_URL"].startswith("http://objects:")
        for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            assert given[key] == store[key]
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            if key.endswith(("PASSWORD", "SECRET_ACCESS_KEY", "DATABASE_URL", "OWNER_URL")):
                assert "${NAVIS_" in value, key


def test_the_migration_alone_logs_in_as_the_owner() -> None:
    owners = {
        name for name, each in SERVICES.items() if "navis_migrations" in str(each["environment"])
    }
    assert owners == {"migrate"}


def test_the_user_is_the_images_own() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name in ("api", "worker", "migrate"):
        assert f"USER {SERVICES[name]['user']}" in dockerfile
