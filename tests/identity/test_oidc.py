"""What the settings of signing in may be."""

from typing import Any

import pytest

from navis_api.errors import OperatorFault
from navis_api.identity.errors import OidcSettingInvalid
from navis_api.identity.oidc import IdentityProvider, identity_provider
from navis_api.identity.viewer import ViewerKind
from navis_api.settings import Settings

ISSUER = "https://id.example"


def provider(**settings: Any) -> IdentityProvider | None:
    return identity_provider(Settings.model_validate(settings))


@pytest.mark.parametrize("issuer", [None, ""])
def test_without_an_issuer_there_is_no_provider(issuer: str | None) -> None:
    assert provider(oidc_issuer=issuer) is None


def test_the_defaults_are_the_narrow_ones() -> None:
    found = provider(oidc_issuer=ISSUER)
    assert found is not None
    assert found.issuer.algorithms == {"ES256", "PS256", "RS256"}
    rules = found.issuer.rules
    assert (rules.issuer, rules.audience, rules.role.claim) == (ISSUER, "navis-api", "role")
    assert rules.role.otherwise is ViewerKind.PATIENT
    assert next(iter(rules.role.kinds.values())) is ViewerKind.ADMINISTRATOR
    assert found.client is None


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"oidc_issuer": "id.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "http://id.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "http://127.0.0.1.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "https://id.example?tenant=1"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "https://id.example#tenant"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "https://name:hidden@id.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "ftp://id.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "https://"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "https://[::1"}, "OIDC_ISSUER"),
        ({"oidc_jwks_url": "http://id.example/keys"}, "OIDC_JWKS_URL"),
        ({"oidc_jwks_url": "/keys"}, "OIDC_JWKS_URL"),
        ({"oidc_audience": ""}, "OIDC_AUDIENCE"),
        ({"oidc_role_claim": ""}, "OIDC_ROLE_CLAIM"),
        ({"oidc_algorithms": "none"}, "OIDC_ALGORITHMS"),
        ({"oidc_algorithms": "ES256,HS256"}, "OIDC_ALGORITHMS"),
        ({"oidc_algorithms": ""}, "OIDC_ALGORITHMS"),
        ({"oidc_algorithms": "ES256,"}, "OIDC_ALGORITHMS"),
        ({"oidc_roles": ""}, "OIDC_ROLES"),
        ({"oidc_roles": "nurse"}, "OIDC_ROLES"),
        ({"oidc_roles": "=admin"}, "OIDC_ROLES"),
        ({"oidc_roles": "nurse=system"}, "OIDC_ROLES"),
        ({"oidc_roles": "nurse=reviewer,nurse=admin"}, "OIDC_ROLES"),
        ({"oidc_client_id": "navis"}, "OIDC_CLIENT_SECRET"),
        ({"oidc_client_id": "navis", "oidc_client_secret": ""}, "OIDC_CLIENT_SECRET"),
        (
            {"oidc_client_id": "navis", "oidc_client_secret": "hidden", "oidc_scope": "email"},
            "OIDC_SCOPE",
        ),
        ({"oidc_issuer": None, "oidc_client_id": "navis"}, "OIDC_ISSUER"),
        ({"oidc_issuer": None, "oidc_jwks_url": "https://id.example/keys"}, "OIDC_ISSUER"),
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_used_is_named_and_not_repeated(
    settings: dict[str, Any], named: str
) -> None:
    with pytest.raises(OidcSettingInvalid) as refused:
        provider(**{"oidc_issuer": ISSUER, **settings})
    assert isinstance(refused.value, OperatorFault)
    assert f"NAVIS_{named} " in str(refused.value)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "issuer", ["http://127.0.0.1:8080/realm", "http://localhost:8080", "http://[::1]:8080"]
)
def test_plain_http_is_for_this_machine_in_development(issuer: str) -> None:
    assert provider(oidc_issuer=issuer) is not None
    with pytest.raises(OidcSettingInvalid):
        provider(oidc_issuer=issuer, environment="production")
