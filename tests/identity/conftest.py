"""Fixtures of the identity room: an identity provider, and a clock that a test moves."""

from collections.abc import AsyncIterator

import pytest

from tests.identity.issuer import FakeIssuer, Seconds, key_pair, running_issuer


@pytest.fixture
async def issuer() -> AsyncIterator[FakeIssuer]:
    """A running identity provider with one key."""
    async with running_issuer([key_pair()]) as running:
        yield running


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()
