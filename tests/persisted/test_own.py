"""What our own pages send: served by every process of production, and never another text."""

import hashlib

import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.persisted.checking import DocumentCheck
from navis_api.graphql.schema import schema
from navis_api.persisted import service
from navis_api.persisted.errors import DocumentsRefused
from navis_api.persisted.manifests import ManifestOperation
from navis_api.persisted.models import DocumentKind
from navis_api.persisted.own import OwnDocument, own_documents
from navis_api.persisted.service import Checked, Client
from navis_api.settings import Environment, Settings
from tests.persisted.test_service import NOON

# Pages that are open send these. What changes gets another number, beside the old ones.
PUBLISHED = {
    "navis-ask-1.Ask": "83b6a73d9d049929",
    "navis-ask-1.Cancel": "6fddbc03bb99962b",
    "navis-ask-1.Cancers": "40f0487522092d36",
    "navis-ask-1.Feedback": "52f4265bd36e9116",
    "navis-ask-1.Follow": "cf3e51bcbb096457",
    "navis-ask-1.Read": "cd394f9a8cf341c4",
    "navis-ask-1.Watch": "a74fef90a7393439",
}


def test_a_text_never_changes_under_its_id() -> None:
    found = {
        each.operation.id: hashlib.sha256(each.operation.text.encode()).hexdigest()[:16]
        for each in own_documents()
    }

    assert found == PUBLISHED


@pytest.mark.parametrize("own", own_documents(), ids=lambda own: own.operation.id)
def test_each_can_be_served_as_production_has_it(own: OwnDocument) -> None:
    limits = DocumentLimits.of(Settings.model_construct(environment=Environment.PRODUCTION))
    checked = DocumentCheck(DocumentReader(schema().core, limits))(own.operation)

    assert (checked.operation, checked.complaints) == (own.operation.name, ())
    assert own.operation.id == f"{own.client}-{own.version}.{own.operation.name}"
    Client(own.client, own.version)


async def test_nobody_else_registers_another_text_under_their_ids(database: Database) -> None:
    ours = own_documents()[0].operation

    def check(_operation: ManifestOperation) -> Checked:
        return Checked("Viewer", DocumentKind.QUERY)

    async def register(text: str) -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            operation = ManifestOperation(ours.id, text)
            await service.register(session, Client("x", "1"), [operation], check=check, now=NOON)

    with pytest.raises(DocumentsRefused):
        await register("query Viewer { viewer { kind } }")
    await register(ours.text)
