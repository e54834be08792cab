"""The identity provider that the settings name, put together in one place."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from navis_api.identity.claims import ClaimRules, RoleRule
from navis_api.identity.discovery import Discovery
from navis_api.identity.errors import OidcSettingInvalid
from navis_api.identity.issuer_http import IssuerHttp
from navis_api.identity.issuer_keys import IssuerKeys, KeyTimes
from navis_api.identity.signatures import ALGORITHMS
from navis_api.identity.tokens import ROLES
from navis_api.identity.verifier import TrustedIssuer
from navis_api.identity.viewer import ViewerKind
from navis_api.identity.web_address import is_safe_address
from navis_api.settings import OidcDefaultRole, Settings


@dataclass(frozen=True, slots=True)
class BrowserClient:
    """What this service is to the identity provider when it sends browsers there."""

    client_id: str
    client_secret: SecretStr
    scope: str


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """An identity provider: whose tokens are accepted, and where people sign in.

    `client` is None where no browser is to be sent there.
    """

    issuer: TrustedIssuer
    discovery: Discovery
    http: IssuerHttp
    client: BrowserClient | None


def identity_provider(
    settings: Settings, *, seconds: Callable[[], float] = time.monotonic
) -> IdentityProvider | None:
    """Return the provider of the settings, None without one. Asks nobody for anything yet.

    `seconds` tells how old keys are. Raises OidcSettingInvalid.
    """
    if not settings.oidc_issuer:
        _require_nothing_else(settings)
        return None
    name, plain_loopback = settings.oidc_issuer, not settings.is_production
    must = "an address of HTTPS without a query (in development also http://127.0.0.1:…)"
    if "?" in name or not is_safe_address(name, plain_loopback=plain_loopback):
        raise OidcSettingInvalid("oidc_issuer", must)
    keys_url = settings.oidc_jwks_url or None
    if keys_url is not None and not is_safe_address(keys_url, plain_loopback=plain_loopback):
        raise OidcSettingInvalid("oidc_jwks_url", "an address of HTTPS")
    http = IssuerHttp(timeout_s=settings.oidc_timeout_s)
    discovery = Discovery(
        name,
        http,
        plain_loopback=plain_loopback,
        retry_s=settings.oidc_keys_retry_s,
        seconds=seconds,
    )
    times = KeyTimes(
        kept_s=settings.oidc_keys_cache_s,
        retry_s=settings.oidc_keys_retry_s,
        stale_s=settings.oidc_keys_stale_s,
    )
    issuer = TrustedIssuer(
        algorithms=_algorithms(settings.oidc_algorithms),
        keys=IssuerKeys(http, discovery, keys_url=keys_url, times=times, seconds=seconds),
        rules=_claim_rules(settings, name),
    )
    return IdentityProvider(issuer, discovery, http, _browser_client(settings))


def _claim_rules(settings: Settings, issuer: str) -> ClaimRules:
    if not settings.oidc_audience:
        raise OidcSettingInvalid("oidc_audience", "the name that tokens for this API have as `aud`")
    if not settings.oidc_role_claim:
        raise OidcSettingInvalid("oidc_role_claim", "the name of a claim")
    refuses = settings.oidc_default_role is OidcDefaultRole.NONE
    return ClaimRules(
        issuer=issuer,
        audience=settings.oidc_audience,
        clock_skew=timedelta(seconds=settings.oidc_clock_skew_s),
        role=RoleRule(
            claim=settings.oidc_role_claim,
            kinds=_roles(settings.oidc_roles),
            otherwise=None if refuses else ViewerKind.PATIENT,
        ),
    )


def _algorithms(setting: str) -> frozenset[str]:
    named = frozenset(name.strip() for name in setting.split(","))
    if not named <= ALGORITHMS:
        raise OidcSettingInvalid("oidc_algorithms", f"some of {', '.join(sorted(ALGORITHMS))}")
    return named


def _roles(setting: str) -> dict[str, ViewerKind]:
    """Return the provider's values and what they mean, in the order that they stand in."""
    must = f"`value=role`, by commas, each value once, with the roles {', '.join(ROLES)}"
    roles: dict[str, ViewerKind] = {}
    for pair in setting.split(","):
        # A value may have this sign in it, a role has none.
        value, _, role = (part.strip() for part in pair.rpartition("="))
        if not value or value in roles or role not in ROLES:
            raise OidcSettingInvalid("oidc_roles", must)
        roles[value] = ROLES[role]
    return roles


def _browser_client(settings: Settings) -> BrowserClient | None:
    if not settings.oidc_client_id:
        return None
    secret = settings.oidc_client_secret
    if secret is None or not secret.get_secret_value():
        raise OidcSettingInvalid("oidc_client_secret", "set where NAVIS_OIDC_CLIENT_ID is")
    if "openid" not in settings.oidc_scope.split():
        raise OidcSettingInvalid("oidc_scope", "words with spaces between, `openid` among them")
    return BrowserClient(settings.oidc_client_id, secret, settings.oidc_scope)


def _require_nothing_else(settings: Settings) -> None:
    """Refuse to leave everybody anonymous where somebody has set up half of it."""
    if settings.oidc_jwks_url or settings.oidc_client_id:
        raise OidcSettingInvalid("oidc_issuer", "set where other settings of OIDC are")
