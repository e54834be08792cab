"""Uploading and deleting one's own records."""

from typing import Annotated

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.records.acting import acting_in
from navis_api.graphql.records.payloads import (
    CompleteRecordUploadInput,
    CompleteRecordUploadPayload,
    CreateRecordUploadInput,
    CreateRecordUploadPayload,
    DeleteRecordInput,
    DeleteRecordPayload,
)
from navis_api.graphql.records.types import Record, RecordUpload
from navis_api.graphql.relay import parse_id_of
from navis_api.records import completing, service
from navis_api.records.errors import UploadMismatch
from navis_api.records.views import view_of


@strawberry.type
class RecordMutations:
    """The fields that Mutation has from records."""

    @strawberry.mutation(
        description="Announces a file of the patient's own, and says where to send it."
    )
    async def create_record_upload(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            CreateRecordUploadInput, strawberry.argument(description="The file.")
        ],
    ) -> CreateRecordUploadPayload:
        """Announce it."""
        context, archive = info.context, info.context.archive
        try:
            acting = acting_in(context)
            async with context.database.writing(context.viewer.rows) as session:
                announced = await service.announce(
                    session, archive.storage, input.to_model(), archive.limits, acting
                )
        except UserFault as fault:
            return CreateRecordUploadPayload.refused(fault)
        record = Record.of(announced.record)
        site = context.services.settings.public_address
        upload = RecordUpload.of(record, announced.upload, site=site) if announced.upload else None
        return CreateRecordUploadPayload(record=record, upload=upload, errors=[])

    @strawberry.mutation(
        description="Says that everything was sent. Its size and its SHA-256 are checked, and then"
        " it is scanned for malware. Doing it again changes nothing."
    )
    async def complete_record_upload(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            CompleteRecordUploadInput, strawberry.argument(description="Which upload.")
        ],
    ) -> CompleteRecordUploadPayload:
        """Complete it. What arrived is read while no transaction is open, however large it is."""
        context, storage = info.context, info.context.archive.storage
        try:
            acting = acting_in(context)
            record_id = parse_id_of("Record", input.record_id, argument="recordId")
            async with context.database.reading(context.viewer.rows) as session:
                sent = await completing.find_arrived(session, record_id)
            arrived = await completing.check(storage, sent) if sent else None
            async with context.database.writing(context.viewer.rows) as session:
                record = await completing.complete(session, record_id, arrived, acting)
            if arrived is not None and not arrived.is_as_announced:
                # The record is FAILED by now, so that this can't be raised before it is.
                raise UploadMismatch
        except UserFault as fault:
            return CompleteRecordUploadPayload.refused(fault)
        view = view_of(record, await storage.keys.open(record.patient_id))
        return CompleteRecordUploadPayload(record=Record.of(view), errors=[])

    @strawberry.mutation(
        description="Deletes a record of the patient's own: its name and contents are gone for"
        " good. Also ends an upload. Doing it again changes nothing."
    )
    async def delete_record(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            DeleteRecordInput, strawberry.argument(description="Which record.")
        ],
    ) -> DeleteRecordPayload:
        """Delete it."""
        context, storage = info.context, info.context.archive.storage
        try:
            acting = acting_in(context)
            record_id = parse_id_of("Record", input.record_id, argument="recordId")
            async with context.database.writing(context.viewer.rows) as session:
                view = await service.delete(session, storage, record_id, acting)
        except UserFault as fault:
            return DeleteRecordPayload.refused(fault)
        context.forget_loaded()
        return DeleteRecordPayload(record=Record.of(view), errors=[])
