"""Reading one's own records. Each reading is noted in the audit record, in its transaction."""

from uuid import UUID

import strawberry

from navis_api.db.paging import Page, page_request
from navis_api.graphql.context import Info
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.records.acting import reading_own
from navis_api.graphql.records.types import Record, RecordConnection
from navis_api.graphql.relay import After, Before, First, Last
from navis_api.records import reading


@strawberry.type
class RecordQueries:
    """The fields that Query has from records."""

    @strawberry.field(
        description="The viewer's own records, the newest first; those that are deleted aren't"
        " there. Empty for whoever isn't a patient.",
        metadata=RECORDED,
    )
    async def records(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> RecordConnection:
        """Page through them."""
        page = page_request(first=first, after=after, last=last, before=before)
        async with reading_own(info) as own:
            if own is None:
                return RecordConnection.of(Page([], [], has_next=False, has_previous=False))
            session, acting = own
            found = await reading.read_page(session, info.context.archive.storage, page, acting)
        return RecordConnection.of(found)


async def find_record(info: Info, record_id: UUID) -> Record | None:
    """Return one of the viewer's records; None where it isn't there, or isn't theirs."""
    async with reading_own(info) as own:
        if own is None:
            return None
        session, acting = own
        view = await reading.read_one(session, info.context.archive.storage, record_id, acting)
    return Record.of(view) if view else None
