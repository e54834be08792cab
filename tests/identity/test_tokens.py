import base64
import hashlib
import hmac
import json
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey

from navis_api.db.sessions import ANONYMOUS_ROWS, RowViewer
from navis_api.identity.errors import DevelopmentKeyUnusable, TokenExpired, TokenInvalid
from navis_api.identity.tokens import (
    ALGORITHM,
    AUDIENCE,
    DEVELOPMENT_ISSUER,
    development_key,
    issue_development_token,
)
from navis_api.identity.verifier import TokenVerifier, development_issuer
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = ECKey.generate_key("P-256", private=True)


def claims(**changed: Any) -> dict[str, Any]:
    usual = {
        "iss": DEVELOPMENT_ISSUER,
        "aud": AUDIENCE,
        "sub": "patient-1",
        "role": "patient",
        "iat": int(NOON.timestamp()),
        "exp": int((NOON + HOUR).timestamp()),
    }
    merged = usual | changed
    return {name: value for name, value in merged.items() if value is not ...}


def signed(given: dict[str, Any], key: ECKey = KEY) -> str:
    return jwt.encode({"alg": ALGORITHM}, given, key, algorithms=[ALGORITHM])


def signed_text(payload: str) -> str:
    """Return a token with a good signature on whatever text."""
    return jws.serialize_compact({"alg": ALGORITHM}, payload.encode(), KEY)


def verifier() -> TokenVerifier:
    return TokenVerifier([development_issuer(KEY)])


async def viewer_of(token: str, *, now: datetime = NOON) -> Viewer:
    return await verifier().viewer_of(f"Bearer {token}", now=now)


def base64_json(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("role", "kind", "row_role"),
    [
        ("patient", ViewerKind.PATIENT, "patient"),
        ("reviewer", ViewerKind.REVIEWER, "reviewer"),
        ("editor", ViewerKind.EDITOR, "editor"),
        ("admin", ViewerKind.ADMINISTRATOR, "administrator"),
    ],
)
async def test_an_issued_token_names_its_viewer(role: str, kind: ViewerKind, row_role: str) -> None:
    token = issue_development_token(KEY, role=role, subject="somebody", now=NOON, lifetime=HOUR)
    viewer = await viewer_of(token)
    assert viewer == Viewer(kind, "somebody")
    assert viewer.subject is not None
    assert viewer.rows == RowViewer(role=row_role, subject="somebody")


async def test_no_header_is_an_anonymous_viewer_who_sees_what_is_public() -> None:
    viewer = await verifier().viewer_of(None, now=NOON)
    assert viewer == ANONYMOUS
    assert viewer.subject is None
    assert viewer.rows == ANONYMOUS_ROWS


async def test_a_token_holds_until_its_end_and_half_a_minute_for_clocks_that_differ() -> None:
    token = signed(claims())
    assert (await viewer_of(token, now=NOON + HOUR + timedelta(seconds=29))).subject == "patient-1"
    with pytest.raises(TokenExpired):
        await viewer_of(token, now=NOON + HOUR + timedelta(seconds=30))


async def test_a_token_from_the_future_is_not_valid_yet() -> None:
    token = signed(claims())
    assert (await viewer_of(token, now=NOON - timedelta(seconds=30))).subject == "patient-1"
    with pytest.raises(TokenInvalid):
        await viewer_of(token, now=NOON - timedelta(seconds=31))


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.invalid"},
        {"iss": ...},
        {"aud": "another-api"},
        {"aud": ["another-api", "a-third"]},
        {"aud": []},
        {"aud": {"name": AUDIENCE}},
        {"aud": ...},
        {"role": "system"},
        {"role": "Patient"},
        {"role": "administrator"},
        {"role": None},
        {"role": ["system"]},
        {"role": {"patient": "patient"}},
        {"role": ...},
        {"sub": ""},
        {"sub": "a" * 201},
        {"sub": "pa\0tient"},
        {"sub": 17},
        {"sub": None},
        {"sub": ...},
        {"exp": ...},
        {"exp": "never"},
        {"exp": True},
        {"exp": None},
        {"iat": ...},
        {"iat": "then"},
    ],
)
async def test_a_signed_token_with_wrong_claims_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        await viewer_of(signed(claims(**changed)))


async def test_a_lone_surrogate_in_a_subject_never_reaches_the_database() -> None:
    payload = json.dumps(claims(sub="x")).replace('"x"', '"\\ud800"')
    with pytest.raises(TokenInvalid):
        await viewer_of(signed_text(payload))


async def test_a_token_of_another_key_is_refused() -> None:
    with pytest.raises(TokenInvalid):
        await viewer_of(signed(claims(), ECKey.generate_key("P-256", private=True)))


async def test_a_changed_token_is_refused() -> None:
    header, payload, signature = signed(claims()).split(".")
    forged = base64_json(claims(role="admin"))
    assert await viewer_of(f"{header}.{payload}.{signature}")
    with pytest.raises(TokenInvalid):
        await viewer_of(f"{header}.{forged}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
async def test_a_token_without_signature_is_refused(algorithm: str) -> None:
    header, payload = base64_json({"alg": algorithm}), base64_json(claims(role="admin"))
    for signature in ("", "x"):
        with pytest.raises(TokenInvalid):
            await viewer_of(f"{header}.{payload}.{signature}")


async def test_the_public_key_is_no_secret_to_sign_with() -> None:
    public_forms = (
        KEY.as_pem(private=False),
        json.dumps(KEY.as_dict(private=False)).encode(),
    )
    for secret in public_forms:
        # The library itself refuses a key that looks like a public one: sign as a forger would.
        forged = _hmac_token(secret)
        with pytest.raises(TokenInvalid):
            await viewer_of(forged)


def _hmac_token(secret: bytes) -> str:
    content = f"{base64_json({'alg': 'HS256'})}.{base64_json(claims(role='admin'))}"
    digest = hmac.new(secret, content.encode(), hashlib.sha256).digest()
    return f"{content}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


async def test_a_key_that_the_token_brings_along_is_not_believed() -> None:
    own = ECKey.generate_key("P-256", private=True)
    token = jwt.encode(
        {"alg": ALGORITHM, "jwk": own.as_dict(private=False)},
        claims(role="admin"),
        own,
        algorithms=[ALGORITHM],
    )
    with pytest.raises(TokenInvalid):
        await viewer_of(token)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer .",
        "Bearer ..",
        "Bearer a.b.c",
        "Bearer a.b.c.d.e",
        "Bearer \0",
        "Bearer ÄÖÜ.ß.€",
        "Bearer " + "A" * 10_000,
        "Bearer " + "." * 5_000,
        "Basic dXNlcjpwYXNz",
        "bearertoken",
        "Bearer " + base64.urlsafe_b64encode(b"[]").decode() + ".e30.",
        "Bearer bnVsbA.bnVsbA.bnVsbA",
        f"Bearer {base64_json('alg')}.{base64_json({})}.AAAA",
        f"Bearer {base64_json(['alg'])}.{base64_json({})}.AAAA",
        "Bearer " + base64.urlsafe_b64encode(b"[" * 4_000).decode().rstrip("=") + ".e30.AAAA",
    ],
)
async def test_what_is_no_token_is_refused_and_not_repeated(header: str) -> None:
    with pytest.raises(TokenInvalid) as refused:
        await verifier().viewer_of(header, now=NOON)
    assert refused.value.__cause__ is None
    assert refused.value.path == ()


@pytest.mark.parametrize("payload", ["[]", "1", '"text"', "null", '{"exp": 1e999}'])
async def test_claims_that_are_no_object_are_refused(payload: str) -> None:
    with pytest.raises(TokenInvalid):
        await viewer_of(signed_text(payload))


async def test_a_huge_but_good_token_is_refused_unread() -> None:
    token = signed(claims(more="x" * 9_000))
    with pytest.raises(TokenInvalid):
        await viewer_of(token)


async def test_without_a_configured_issuer_no_token_is_good_and_everybody_is_anonymous() -> None:
    verifier = TokenVerifier([])
    with pytest.raises(TokenInvalid):
        await verifier.viewer_of(f"Bearer {signed(claims())}", now=NOON)
    assert await verifier.viewer_of(None, now=NOON) == ANONYMOUS


async def test_a_secret_of_another_kind_is_no_key() -> None:
    token = jwt.encode({"alg": "HS256"}, claims(), OctKey.generate_key(256), algorithms=["HS256"])
    with pytest.raises(TokenInvalid):
        await viewer_of(token)


def test_the_development_key_is_ours_alone_and_stays(tmp_path: Path) -> None:
    made = development_key(tmp_path)
    path = tmp_path / "keys" / "development-issuer.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert development_key(tmp_path).as_dict(private=True) == made.as_dict(private=True)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_folder_that_takes_no_key_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "a file"
    taken.touch()
    with pytest.raises(DevelopmentKeyUnusable, match=r"Not a directory.*NAVIS_DATA_DIR"):
        development_key(taken)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"kty":"EC","crv":"P-256"}', b"\xff"])
def test_a_file_that_is_no_key_is_named_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keys" / "development-issuer.json"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(DevelopmentKeyUnusable, match=r"development-issuer\.json.*it is no key"):
        development_key(tmp_path)
    assert path.read_bytes() == content


def test_many_who_need_the_first_key_at_once_get_the_same(tmp_path: Path) -> None:
    ready = threading.Barrier(6)
    keys: list[Any] = []
    failures: list[Exception] = []

    def take() -> None:
        ready.wait()
        try:
            keys.append(development_key(tmp_path).as_dict(private=True))
        except Exception as failure:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(failure)

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(keys) == 6
    assert all(key == keys[0] for key in keys)
