"""Verifying the record in the database."""

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit import repository
from navis_api.audit.breaks import Break, BreakKind, Report
from navis_api.audit.chain import Head
from navis_api.audit.checking import ChainCheck

_NO_HEAD = "the head is gone"


async def verify(
    session: AsyncSession,
    *,
    noted: Head | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Read the whole record and say what is wrong with it. Memory doesn't grow with it.

    `noted` is a head that was kept elsewhere: with it, a record that was written anew from
    some row on is found too. `progress` is told how many rows were read, of how many. The
    session's viewer has to be the system or an administrator.
    """
    # What an empty record is compared with; rows bring a head of their own moment.
    head = await repository.get_head(session)
    check: ChainCheck | None = None
    async for batch in repository.read_record(session):
        if check is None:
            head = batch.head
            check = ChainCheck(head=head, noted=noted)
        for row in batch.rows:
            check.take(row)
        if progress is not None:
            total = check.report.rows if head is None else head.sequence
            progress(check.report.rows, total)
    report = (check or ChainCheck(head=head, noted=noted)).finish()
    if head is None:
        report.add(Break(BreakKind.HEAD_CHANGED, report.rows, report.rows, None, _NO_HEAD))
    return report
