"""Reading one's own personal questions. Each reading is noted in the audit record."""

from navis_api.asking.personal import reading
from navis_api.db.paging import Page, PageRequest
from navis_api.graphql.context import Info
from navis_api.graphql.questions.loading import QuestionPage
from navis_api.graphql.records.acting import acting_in


async def list_personal_questions(info: Info, page: PageRequest) -> QuestionPage:
    """Return a page of the viewer's personal questions; empty unless they are a patient."""
    context = info.context
    context.reads.keep_private()
    personal = context.personal
    if personal is None:
        return Page([], [], has_next=False, has_previous=False)
    acting = acting_in(context)
    async with context.database.writing(context.viewer.rows) as session:
        found = await reading.read_page(session, context.archive.storage, page, acting)
    personal.expect(found.rows)
    return found.showing([entry.question for entry in found.rows])
