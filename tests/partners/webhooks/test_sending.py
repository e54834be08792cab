"""Where a request may go: to what was looked at, under the name that was given, and no further."""

import asyncio
import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from navis_api.errors import InvalidInput
from navis_api.partners.webhooks.addresses import is_public, require_url
from navis_api.partners.webhooks.models import Failure
from navis_api.partners.webhooks.sending import Resolve, Sender
from tests.partners.webhooks.receiver import Receiver, receiving

NOT_PUBLIC = """
    0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 168.63.129.16 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.7
    203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::a00:1 64:ff9b::808:808 64:ff9b:1::1
    100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254
    fe80::1 fe80::1%1 2606:4700::1111%1 fec0::1 ff02::1
"""
PUBLIC = """
    1.1.1.1 8.8.8.8 9.255.255.255 100.63.255.255 100.128.0.0 172.32.0.0 192.167.255.255 223.1.1.1
    2001:4860:4860::8888 2606:4700::1111 2a00:1450::1
"""


def leads_to(*answers: Sequence[str]) -> tuple[list[str], Resolve]:
    """Return what was asked, and a resolver that gives one answer after the other."""
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return asked, resolve


def test_what_is_not_the_internet_is_not_public() -> None:
    assert [each for each in NOT_PUBLIC.split() if is_public(each)] == []


def test_what_is_the_internet_is() -> None:
    assert [each for each in PUBLIC.split() if not is_public(each)] == []


def test_what_no_address_is_is_not_public_either() -> None:
    assert not any(map(is_public, ("", "localhost", "0x7f000001", "017700000001", "1", "1.1")))


async def test_a_name_that_leads_within_is_never_connected_to() -> None:
    async with receiving() as receiver:
        for answers in (
            ["127.0.0.1"],
            ["::1"],
            # One that is public beside it doesn't help.
            ["1.1.1.1", "127.0.0.1"],
            ["::ffff:127.0.0.1"],
        ):
            _, resolve = leads_to(answers)
            sender = Sender(timeout_s=5, private=False, resolve=resolve)
            outcome = await sender.post(f"https://x.example:{receiver.port}/", b"{}", {})
            assert outcome.failure is Failure.ADDRESS_REFUSED
        assert receiver.connections == 0


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"]
)
async def test_this_machine_is_not_reached_in_any_spelling(host: str) -> None:
    async with receiving() as receiver:
        for scheme in ("http", "https"):
            sender = Sender(timeout_s=5, private=False)
            outcome = await sender.post(f"{scheme}://{host}:{receiver.port}/", b"{}", {})
            # Where the system knows no such spelling, it leads nowhere.
            assert outcome.failure in {Failure.ADDRESS_REFUSED, Failure.UNRESOLVED}
        assert receiver.connections == 0


async def test_a_name_is_asked_for_once_and_what_it_said_then_is_connected_to(
    receiver: Receiver,
) -> None:
    # A moment later it leads elsewhere: nobody asks.
    asked, resolve = leads_to(["127.0.0.1"], ["127.0.0.2"])
    sender = Sender(timeout_s=5, private=True, resolve=resolve)
    outcome = await sender.post(f"http://portal.example:{receiver.port}/a?b=c", b"{}", {})
    assert outcome.failure is None
    assert asked == ["portal.example"]
    (received,) = receiver.received
    assert received.headers["host"] == f"portal.example:{receiver.port}"
    assert received.target == "/a?b=c"


async def test_the_next_address_is_tried_where_one_does_not_answer(receiver: Receiver) -> None:
    _, resolve = leads_to(["127.0.0.77", "127.0.0.1"])
    sender = Sender(timeout_s=5, private=True, resolve=resolve)
    outcome = await sender.post(f"http://portal.example:{receiver.port}/", b"{}", {})
    assert outcome.failure is None


async def test_a_name_that_leads_nowhere_and_a_port_where_nobody_is() -> None:
    async with receiving() as receiver:
        port = receiver.port
    _, nowhere = leads_to([])
    sender = Sender(timeout_s=5, private=True, resolve=nowhere)
    assert (await sender.post("http://x.example/", b"", {})).failure is Failure.UNRESOLVED
    sender = Sender(timeout_s=5, private=True)
    outcome = await sender.post(f"http://127.0.0.1:{port}/", b"", {})
    assert outcome.failure is Failure.UNREACHABLE


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2_000_000 + b"\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_a_failure(receiver: Receiver, answer: bytes) -> None:
    receiver.answer = answer
    outcome = await Sender(timeout_s=5, private=True).post(receiver.url, b"{}", {})
    assert (outcome.failure, outcome.status) == (Failure.BROKEN, None)


async def test_of_a_long_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    written = 0

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                await writer.drain()
                written += 65_536
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(pour, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        outcome = await Sender(timeout_s=5, private=True).post(
            f"http://127.0.0.1:{port}/", b"{}", {}
        )
    assert outcome.failure is None
    # What the buffers of both sides hold is sent into the void.
    assert written < 50_000_000


def certificates(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server at a name shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


async def test_the_name_is_what_the_certificate_is_checked_for_and_not_the_address(
    tmp_path: Path,
) -> None:
    server, trusting = certificates(tmp_path, "portal.example")
    shown: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: shown.append(name)
    _, resolve = leads_to(["127.0.0.1"])
    sender = Sender(timeout_s=5, private=True, tls=trusting, resolve=resolve)
    strict = Sender(timeout_s=5, private=True, resolve=resolve)
    async with receiving(server) as receiver:
        outcome = await sender.post(f"https://portal.example:{receiver.port}/", b"{}", {})
        assert outcome.failure is None
        assert shown == ["portal.example"]
        for asked, who in (("other.example", sender), ("portal.example", strict)):
            outcome = await who.post(f"https://{asked}:{receiver.port}/", b"{}", {})
            assert outcome.failure is Failure.NOT_TRUSTED
        assert len(receiver.received) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "portal.example",
        "ftp://portal.example/",
        "http://portal.example/",
        "//portal.example/",
        "https:portal.example",
        "https:///hooks",
        "https://",
        "https://user@portal.example/",
        "https://user:word@portal.example/",
        "https://portal.example@10.0.0.1/",
        "https://portal.example/#there",
        "https://portal.example/a b",
        "https://portal.example/\n",
        "https://portal.example/\0",
        "https://portal.example\\@10.0.0.1/",
        "https://portal..example/",
        "https://portal.example./",
        "https://-portal.example/",
        "https://portal.example:0/",
        "https://portal.example:65536/",
        "https://portal.example:x/",
        "https://pörtal.example/",
        "https://portal.example/ü",
        "https://localhost/",
        "https://portal/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[fd00::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://1.1.1.1.1/",
        "https://portal.example/" + "x" * 2_000,
    ],
)
def test_an_address_that_will_not_do_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_url(url, private=False)
    assert refused.value.path == ("input", "url")
    assert len(url) < 20 or url not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://portal.example",
        "https://Portal.Example/Hooks;a=b?c=%20d&e=[f]",
        "https://portal.example:8443/hooks",
        "https://xn--prtal-jua.example/",
        "https://a_b.portal.example/",
        f"https://{ipaddress.ip_address('8.8.8.8')}/",
        "https://[2606:4700::1111]:8443/",
    ],
)
def test_an_address_that_will_do_is_kept_as_it_is(url: str) -> None:
    assert require_url(url, private=False) == url


def test_at_home_this_machine_will_do_over_http() -> None:
    for url in (
        "http://localhost:3000/hooks",
        "http://127.0.0.1:1/",
        "https://[::1]/",
        "http://a/",
    ):
        assert require_url(url, private=True) == url
    with pytest.raises(InvalidInput):
        require_url("ftp://localhost/", private=True)
