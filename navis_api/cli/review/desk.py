"""Who acts at the terminal, and on which revision: what every command of `review` begins with."""

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import repository as answers
from navis_api.answers.fence import until_readers_follow
from navis_api.answers.models import AnswerState
from navis_api.answers.repository import AnswerView
from navis_api.answers.states import LIVE
from navis_api.app import token_verifier
from navis_api.audit.service import Origin
from navis_api.cancers import repository as cancers
from navis_api.cancers.catalogue import Catalogue
from navis_api.cli.database import command_database
from navis_api.errors import InvalidInput
from navis_api.graphql.relay import parse_id_of
from navis_api.graphql.viewer.roles import require_staff
from navis_api.identity.oidc import identity_provider
from navis_api.identity.viewer import Viewer
from navis_api.kit.clock import utc_now
from navis_api.review import people
from navis_api.review.acting import Acting, RevisionTarget
from navis_api.review.errors import RevisionUnknown
from navis_api.review.finding import NumberedRevision, find_answer, revisions_of
from navis_api.settings import Settings

TOKEN_VARIABLE = "NAVIS_TOKEN"  # noqa: S105 - where a token is, and none

_ORIGIN = Origin(address="navis-api", request_id=None)
# A global id is the base64 of `Answer:` and a UUID: no slug and no UUID begins like that.
_GLOBAL_ID_BEGINS = "QW5zd2VyO"


class TokenMissing(InvalidInput):
    """A command of the staff without an access token."""

    def __init__(self) -> None:
        super().__init__(
            f"Who are you? Put your access token into the variable {TOKEN_VARIABLE}, or into a file"
            " and name it with --token-file. In development `navis-api token` prints one."
        )


def access_token(path: Path | None) -> str:
    """Return the access token of the file or, without one, of the environment.

    It is no argument, since everybody on a machine can see those. Raises TokenMissing.
    """
    try:
        given = os.environ.get(TOKEN_VARIABLE, "") if path is None else path.read_text()
    except (OSError, UnicodeDecodeError):
        raise InvalidInput(f"{path}: no token can be read there.") from None
    if not given.strip():
        raise TokenMissing
    return given.strip()


@dataclass(frozen=True, slots=True)
class Desk:
    """A transaction of one of the staff, and what their services take."""

    session: AsyncSession
    acting: Acting
    catalogue: Catalogue


class Terminal:
    """One of the staff at a terminal, over our own way to the database. Close it at the end."""

    def __init__(self, settings: Settings, address: str, token: str) -> None:
        self.settings = settings
        self._database = command_database(address)
        self._token = token
        self._viewer: Viewer | None = None

    @asynccontextmanager
    async def at_desk(self) -> AsyncGenerator[Desk]:
        """Open a transaction of theirs.

        Raises TokenInvalid, TokenExpired, SignInUnavailable, ForStaff and NotOnStaff.
        """
        now = utc_now()
        viewer = await self._recognised()
        async with self._database.writing(viewer.rows) as session:
            catalogue = await cancers.load_catalogue(session)
            member = await people.require_member(session, viewer.subject, viewer.kind.value)
            yield Desk(session, Acting(member, now, _ORIGIN), catalogue)
        # Who reads that an answer was retracted may rely on nobody's being served it.
        await until_readers_follow(self._database)

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()

    async def _recognised(self) -> Viewer:
        if self._viewer is None:
            verifier = token_verifier(self.settings, identity_provider(self.settings))
            viewer = await verifier.viewer_of(f"Bearer {self._token}", now=utc_now())
            require_staff(viewer)
            self._viewer = viewer
        return self._viewer


async def meant(
    desk: Desk,
    named: str,
    number: int | None,
    *,
    preferred: Sequence[AnswerState] = (),
) -> AnswerView:
    """Return the revision that is meant.

    Without a number it is the newest of those that wait, first of all in a preferred state;
    where none waits, the one that readers are served, or else the newest.
    Raises AnswerUnknown, AnswerAmbiguous and RevisionUnknown.
    """
    answer_id = await _answer_id(desk.session, named)
    if number is None:
        number = _most_likely(await revisions_of(desk.session, answer_id), preferred)
    view = await answers.view_of_revision(desk.session, answer_id, number)
    if view is None:
        raise RevisionUnknown
    return view


def target_of(view: AnswerView, version: int) -> RevisionTarget:
    """Return a revision as the services take it, as of the version that somebody has read."""
    return RevisionTarget(view.answer.id, view.revision.number, version)


async def _answer_id(session: AsyncSession, named: str) -> UUID:
    if named.startswith(_GLOBAL_ID_BEGINS):
        return parse_id_of("Answer", named, argument="ID")
    return await find_answer(session, named)


def _most_likely(found: Sequence[NumberedRevision], preferred: Sequence[AnswerState]) -> int:
    def likelihood(each: NumberedRevision) -> tuple[bool, bool, bool, int]:
        is_served = each.state in LIVE and not each.waits
        return each.state in preferred, each.waits, is_served, each.number

    if not found:
        raise RevisionUnknown
    return max(found, key=likelihood).number
