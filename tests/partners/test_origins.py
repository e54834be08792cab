"""From which origins a partner's pages may come, as they are written and as browsers send them."""

import pytest

from navis_api.errors import InvalidInput
from navis_api.partners.origins import OriginList, normal_origins


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://portal.example", "https://portal.example"),
        ("HTTPS://Portal.Example", "https://portal.example"),
        ("https://portal.example:443", "https://portal.example"),
        ("https://portal.example:8443", "https://portal.example:8443"),
        ("https://*.portal.example", "https://*.portal.example"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("https://192.0.2.7", "https://192.0.2.7"),
    ],
)
def test_an_origin_is_stored_as_browsers_send_it(given: str, stored: str) -> None:
    assert normal_origins([given, given]) == [stored]


@pytest.mark.parametrize(
    "given",
    [
        "",
        "portal.example",
        "https://",
        "https://portal.example/",
        "https://portal.example/embed",
        "https://portal.example?x",
        "https://portal.example#x",
        "https://user@portal.example",
        "http://portal.example",
        "http://localhost.example",
        "ftp://portal.example",
        "null",
        "*",
        "https://*",
        "https://*.com",
        "https://*.192.0.2.7",
        "https://a.*.example",
        "https://port*.example",
        "https://portal.example:0",
        "https://portal.example:65536",
        "https://portal.example:99999999",
        "https://portal..example",
        "https://-portal.example",
        "https://münchen.example",
        "https://portal.example\0",
        "https://portal.example\n",
        "https://portal\ud800.example",
        "https://" + "a" * 400 + ".example",
    ],
)
def test_what_is_no_origin_is_refused_with_what_to_write(given: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normal_origins([given])
    assert refused.value.path == ("input", "origins")


def test_there_is_a_limit_to_how_many() -> None:
    assert len(normal_origins([f"https://p{number}.example" for number in range(100)])) == 100
    with pytest.raises(InvalidInput):
        normal_origins([f"https://p{number}.example" for number in range(101)])


def test_scheme_host_and_port_all_have_to_agree() -> None:
    listed = OriginList.of(["https://portal.example", "http://localhost:3000"])
    assert listed.allows("https://portal.example")
    assert listed.allows("http://localhost:3000")
    for other in (
        "http://portal.example",
        "https://portal.example:8443",
        "https://portal.example.evil.example",
        "https://evil-portal.example",
        "https://sub.portal.example",
        "https://portal.example/",
        "http://localhost",
        "null",
        "",
    ):
        assert not listed.allows(other), other


def test_a_wildcard_is_every_host_below_and_nothing_else() -> None:
    listed = OriginList.of(["https://*.portal.example", "https://*.other.example:8443"])
    assert listed.allows("https://a.portal.example")
    assert listed.allows("https://a.b.portal.example")
    assert listed.allows("https://a.other.example:8443")
    for other in (
        "https://portal.example",
        "https://.portal.example",
        "https://evilportal.example",
        "http://a.portal.example",
        "https://a.portal.example:8443",
        "https://a.other.example",
        "https://evil.example/.portal.example",
        "https://evil.example#.portal.example",
        "https://user@a.portal.example",
        "https://*.portal.example",
    ):
        assert not listed.allows(other), other
