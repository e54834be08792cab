"""Who verified claims are about: times, audiences, roles."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from navis_api.identity.claims import ClaimRules, RoleRule, viewer_from
from navis_api.identity.errors import TokenExpired, TokenInvalid
from navis_api.identity.tokens import ROLES
from navis_api.identity.viewer import Viewer, ViewerKind

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NOON_S = int(NOON.timestamp())
SKEW = timedelta(seconds=90)


def rules(
    claim: str = "role",
    kinds: dict[str, ViewerKind] | None = None,
    otherwise: ViewerKind | None = ViewerKind.PATIENT,
) -> ClaimRules:
    return ClaimRules(
        issuer="https://id.example",
        audience="navis-api",
        clock_skew=SKEW,
        role=RoleRule(claim=claim, kinds=kinds or ROLES, otherwise=otherwise),
    )


def claims(**changed: Any) -> dict[str, Any]:
    usual = {
        "iss": "https://id.example",
        "aud": "navis-api",
        "sub": "person-1",
        "iat": NOON_S - 60,
        "exp": NOON_S + 60,
    }
    return {name: value for name, value in (usual | changed).items() if value is not ...}


def viewer(given: dict[str, Any], told: ClaimRules | None = None) -> Viewer:
    return viewer_from(given, told or rules(), now=NOON)


def kind(given: dict[str, Any], told: ClaimRules | None = None) -> ViewerKind:
    return viewer(given, told).kind


@pytest.mark.parametrize("aud", ["navis-api", ["navis-api"], ["account", "navis-api"]], ids=str)
def test_a_token_may_be_for_several(aud: object) -> None:
    assert viewer(claims(aud=aud)).subject == "person-1"


@pytest.mark.parametrize(
    "aud",
    [..., None, "", "navis", "navis-api ", "NAVIS-API", [], ["account"], {"navis-api": 1}],
    ids=str,
)
def test_a_token_for_others_is_refused(aud: object) -> None:
    with pytest.raises(TokenInvalid):
        viewer(claims(aud=aud))


@pytest.mark.parametrize("iss", [..., "https://id.example/", "https://ID.example", "", None, 1])
def test_the_issuer_is_compared_to_the_letter(iss: object) -> None:
    with pytest.raises(TokenInvalid):
        viewer(claims(iss=iss))


@pytest.mark.parametrize("name", ["at_hash", "c_hash"])
def test_an_id_token_is_no_permission_even_where_client_and_api_share_a_name(name: str) -> None:
    with pytest.raises(TokenInvalid):
        viewer(claims(**{name: "x"}))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"exp": NOON_S - 89}, None),
        ({"exp": NOON_S - 89.5}, None),
        ({"exp": NOON_S - 90}, TokenExpired),
        ({"exp": NOON_S - 100_000}, TokenExpired),
        ({"iat": NOON_S + 90}, None),
        ({"iat": NOON_S + 91}, TokenInvalid),
        ({"nbf": NOON_S + 90}, None),
        ({"nbf": NOON_S + 90.5}, TokenInvalid),
        ({"nbf": "soon"}, TokenInvalid),
        ({"nbf": None}, TokenInvalid),
        ({"exp": ...}, TokenInvalid),
        ({"exp": float("inf")}, TokenInvalid),
        ({"exp": float("nan")}, TokenInvalid),
        ({"exp": True}, TokenInvalid),
        ({"exp": str(NOON_S + 60)}, TokenInvalid),
        ({"iat": ...}, TokenInvalid),
    ],
    ids=str,
)
def test_clocks_may_differ_by_so_much_and_no_more(
    changed: dict[str, Any], fault: type[Exception] | None
) -> None:
    if fault is None:
        assert viewer(claims(**changed)).subject == "person-1"
        return
    with pytest.raises(fault):
        viewer(claims(**changed))


@pytest.mark.parametrize(
    "sub",
    [..., None, "", "a" * 201, "a\0b", "a\ud800", "a\nb", "a\x7f", 5, ["person-1"]],
    ids=ascii,
)
def test_a_subject_that_no_database_takes_is_refused(sub: object) -> None:
    with pytest.raises(TokenInvalid):
        viewer(claims(sub=sub))


@pytest.mark.parametrize("sub", ["a", "a" * 200, "auth0|5f7c", "Zoë Müller", "用户-1"])
def test_providers_name_people_as_they_like(sub: str) -> None:
    assert viewer(claims(sub=sub)).subject == sub


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("role", {"role": "editor"}),
        ("role", {"role": ["offline_access", "editor"]}),
        ("realm_access.roles", {"realm_access": {"roles": ["editor", "uma_authorization"]}}),
        ("resource_access.navis.roles", {"resource_access": {"navis": {"roles": ["editor"]}}}),
        ("https://navis.example/role", {"https://navis.example/role": "editor"}),
        ("realm.role", {"realm.role": "editor", "realm": {"role": "admin"}}),
    ],
)
def test_a_role_stands_where_the_setting_says(name: str, given: dict[str, Any]) -> None:
    assert kind(claims(**given), rules(name)) is ViewerKind.EDITOR


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"realm": None},
        {"realm": "role"},
        {"realm": ["role"]},
        {"realm": {"role": None}},
        {"realm": {"role": []}},
        {"realm": {"role": "nurse"}},
        {"realm": {"role": "Admin"}},
        {"realm": {"role": ["admins", "system", "administrator"]}},
        {"role": "admin"},
    ],
    ids=str,
)
def test_whoever_has_none_of_our_roles_is_a_patient_or_nobody(given: dict[str, Any]) -> None:
    assert kind(claims(**given), rules("realm.role")) is ViewerKind.PATIENT
    with pytest.raises(TokenInvalid):
        kind(claims(**given), rules("realm.role", otherwise=None))


@pytest.mark.parametrize("given", [5, True, {"admin": True}, [["admin"]], ["admin", 5]], ids=str)
def test_a_role_of_another_form_is_not_guessed_at(given: object) -> None:
    with pytest.raises(TokenInvalid):
        kind(claims(role=given))


def test_of_several_roles_the_first_in_the_setting_counts() -> None:
    both = claims(role=["patient", "reviewer", "admin"])
    assert kind(both) is ViewerKind.ADMINISTRATOR
    reviewing_first = {"reviewer": ViewerKind.REVIEWER, "admin": ViewerKind.ADMINISTRATOR}
    assert kind(both, rules(kinds=reviewing_first)) is ViewerKind.REVIEWER
