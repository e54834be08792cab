"""Which published keys are used, and for what."""

from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from navis_api.identity.errors import IssuerOutOfReach
from navis_api.identity.jwks import fitting_key, read_key_set
from navis_api.identity.signatures import ALGORITHMS

EC = ECKey.generate_key("P-256", private=True)
RSA = RSAKey.generate_key(2_048, private=True)


def published(key: Any, **members: Any) -> dict[str, Any]:
    merged = key.as_dict(private=False) | {"kid": "one"} | members
    return {name: value for name, value in merged.items() if value is not ...}


def algorithms_of(*entries: object) -> set[str]:
    keys = read_key_set({"keys": list(entries)})
    return {name for name in ALGORITHMS if fitting_key(keys, "one", name)}


@pytest.mark.parametrize(
    ("curve", "algorithm"), [("P-256", "ES256"), ("P-384", "ES384"), ("P-521", "ES512")]
)
def test_a_curve_has_its_one_algorithm(curve: Any, algorithm: str) -> None:
    assert algorithms_of(published(ECKey.generate_key(curve))) == {algorithm}


def test_an_rsa_key_may_sign_in_its_ways_or_in_the_one_that_it_names() -> None:
    assert algorithms_of(published(RSA)) == {
        "PS256", "PS384", "PS512", "RS256", "RS384", "RS512",
    }  # fmt: skip
    assert algorithms_of(published(RSA, alg="PS256")) == {"PS256"}


NOT_OURS: dict[str, object] = {
    "for encryption": published(EC, use="enc"),
    "use as a list": published(EC, use=["sig"]),
    "operations without verify": published(EC, key_ops=["encrypt"]),
    "operations as text": published(EC, key_ops="verify"),
    "a curve for RSA": published(EC, alg="RS256"),
    "RSA for HMAC": published(RSA, alg="HS256"),
    "RSA for none": published(RSA, alg="none"),
    "a number as name": published(EC, kid=5),
    "an unknown curve": published(EC, crv="P-999"),
    "another curve": published(EC, crv="P-384"),
    "curves": published(EC, crv=["P-256"]),
    "off the curve": published(EC, x="AAAA"),
    "no base64": published(EC, x="ÄÖÜ"),
    "half a point": published(EC, y=...),
    "a curve called RSA": published(EC, kty="RSA"),
    "RSA called a curve": published(RSA, kty="EC"),
    "of no type": published(RSA, kty=...),
    "short RSA": published(RSA, n="AQAB"),
    "RSA of zeros": published(RSA, n="A" * 100_000),
    "long RSA": published(RSA, n="_" * 4_000),
    "no exponent": published(RSA, e="AA"),
    "a number as exponent": published(RSA, e=65_537),
    "Bitcoin's curve": published(ECKey.generate_key("secp256k1")),
    "Ed25519": published(OKPKey.generate_key("Ed25519")),
    "a shared secret": OctKey.generate_key(256).as_dict() | {"kid": "one", "alg": "HS256"},
    "nothing": {},
    "a type alone": {"kty": "EC"},
    "null": None,
    "text": "one",
    "a list": ["one"],
}


@pytest.mark.parametrize("what", NOT_OURS)
def test_a_key_that_is_none_for_us_is_left_out_and_the_others_stay(what: str) -> None:
    entry = NOT_OURS[what]
    assert algorithms_of(entry) == set()
    assert algorithms_of(entry, published(EC)) == {"ES256"}


def test_what_stands_beside_a_key_does_no_harm() -> None:
    beside = {
        "x5c": 5,
        "x5u": "nowhere",
        "use": "sig",
        "key_ops": ["verify"],
        "d": "private",
        "z": 1,
    }
    assert algorithms_of(published(EC) | beside) == {"ES256"}
    keys = read_key_set({"keys": [published(EC) | beside]})
    key = fitting_key(keys, "one", "ES256")
    assert key is not None
    assert not key.is_private


def test_a_token_without_the_name_of_a_key_is_for_the_only_one_that_fits() -> None:
    one = read_key_set({"keys": [published(EC), published(RSA)]})
    assert fitting_key(one, None, "ES256") is not None
    two = read_key_set({"keys": [published(EC), published(ECKey.generate_key("P-256"))]})
    assert fitting_key(two, None, "ES256") is None


def test_a_name_is_compared_to_the_letter() -> None:
    keys = read_key_set({"keys": [published(EC)]})
    for other in ("One", "one ", "", "two"):
        assert fitting_key(keys, other, "ES256") is None


@pytest.mark.parametrize("document", [{}, {"keys": None}, {"keys": {}}, {"keys": "one"}], ids=str)
def test_what_is_no_key_set_is_no_answer(document: dict[str, Any]) -> None:
    with pytest.raises(IssuerOutOfReach):
        read_key_set(document)
