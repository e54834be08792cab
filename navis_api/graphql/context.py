"""What resolvers are given: the services of the process, and whom this request is for.

There is no session here (law 1): a query field or a loader opens `reading()`, a
root mutation opens one `writing()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

import strawberry

from navis_api.answers.checking import ClaimChecker
from navis_api.asking.personal.service import PersonalAskingService
from navis_api.asking.personal.stream import PersonalStream
from navis_api.asking.service import AskingService
from navis_api.audit.service import Origin
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.stream import GenerationStream
from navis_api.graphql.clients import KnownClients
from navis_api.graphql.cost.plan import Price
from navis_api.graphql.documents import Document, DocumentReader
from navis_api.graphql.findings.loading import FindingsOfRecord, findings_of_record
from navis_api.graphql.incremental.formats import IncrementalFormat
from navis_api.graphql.loaders import Loaders
from navis_api.graphql.persisted.resolving import PersistedOperations
from navis_api.graphql.personal.loading import PersonalLoaders
from navis_api.graphql.reads import ReadLog
from navis_api.graphql.scope import Scope
from navis_api.graphql.throttle.charging import Charge, Throttle
from navis_api.graphql.throttle.payer import Payer, payer_of
from navis_api.graphql.throttle.rates import Rates
from navis_api.identity.verifier import TokenVerifier
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind
from navis_api.kit.clock import Clock
from navis_api.kit.languages import ORIGINAL, Language
from navis_api.metrics import UNSAID, ClientLabel, Metrics
from navis_api.partners.keeping import KeyKeeper
from navis_api.partners.metering import Meter
from navis_api.partners.watching import KeyWatch
from navis_api.partners.webhooks.service import EndpointRules
from navis_api.records.acting import as_patient
from navis_api.records.archive import Archive
from navis_api.records.stream import RecordStream
from navis_api.settings import Settings

UNKNOWN_ORIGIN = Origin(address=None, request_id=None)

UNREAD = "unread"
"""What an operation is metered as that is refused before it is clear which one it is."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the process has one of."""

    settings: Settings
    database: Database
    catalogue: CatalogueKeeper
    tokens: TokenVerifier
    generation_stream: GenerationStream
    asking: AskingService
    clock: Clock
    documents: DocumentReader
    throttle: Throttle
    rates: Rates
    operations: PersistedOperations
    claim_checker: ClaimChecker
    archive: Archive
    record_stream: RecordStream
    personal_asking: PersonalAskingService
    personal_stream: PersonalStream
    clients: KnownClients
    metrics: Metrics
    keys: KeyKeeper
    key_watch: KeyWatch
    meter: Meter
    webhooks: EndpointRules


@dataclass(slots=True)
class StreamPosition:
    """The event that a subscription's newest result is about, for transports that number frames.

    `resume_after` is where the client said it stopped, in a `Last-Event-ID`
    header; it holds where the operation itself gives no `after`.
    """

    sequence: int | None = None
    resume_after: int | None = None


@dataclass(frozen=True, slots=True)
class Handshake:
    """What the handshake of a WebSocket said: who it is for, and of which origin the page is."""

    authorization: str | None
    page: str | None


@dataclass
class RequestContext:
    """One operation: for whom, when, and with which loaders.

    `connection_params` is filled by Strawberry from a WebSocket's connection_init;
    `handshake` is what its handshake said of who it is. `document`
    is the operation's, where a transport has read it already. `origin` is where the
    request came from, for the audit record; `reads` is what was read for the response.
    `language` is the one in which the reader wants our own words, `parts` the form in
    which it takes results in parts, where it does; `client` is the app. `price` is what the
    operation costs and `charge` what was taken for it; the response tells it unless
    others may keep the response (`shows_cost`). `metered_as` is what a partner's operation is
    called in the access log.
    """

    services: Services
    viewer: Viewer = ANONYMOUS
    position: StreamPosition = field(default_factory=StreamPosition)
    connection_params: Mapping[str, Any] | None = None
    handshake: Handshake | None = None
    document: Document | None = None
    origin: Origin = UNKNOWN_ORIGIN
    reads: ReadLog = field(default_factory=ReadLog)
    language: Language = ORIGINAL
    client: ClientLabel = UNSAID
    parts: IncrementalFormat | None = None
    price: Price | None = None
    charge: Charge | None = None
    metered_as: str = UNREAD
    shows_cost: bool = True
    _loaders: Loaders | None = field(init=False, default=None)
    _findings: FindingsOfRecord | None = field(init=False, default=None)
    _personal: PersonalLoaders | None = field(init=False, default=None)

    @property
    def loaders(self) -> Loaders:
        """The loaders of the operation, made when they are first used."""
        if self._loaders is None:
            scope = Scope(
                self.services.database,
                self.services.catalogue,
                viewer=self.viewer,
                now=self.now,
                reads=self.reads,
                field_names=self.document.field_names if self.document else None,
            )
            self._loaders = Loaders(scope, self.personal)
        return self._loaders

    @property
    def personal(self) -> PersonalLoaders | None:
        """The loaders of what is the viewer's own. None for whoever isn't a patient."""
        if self._personal is None and self.viewer.kind is ViewerKind.PATIENT:
            acting = as_patient(self.viewer, now=self.now, origin=self.origin)
            self._personal = PersonalLoaders(
                self.database, self.archive.storage, self.viewer, acting
            )
        return self._personal

    @property
    def findings_of_record(self) -> FindingsOfRecord:
        """The findings of the viewer's records. Raises PatientsOnly."""
        if self._findings is None:
            acting = as_patient(self.viewer, now=self.now, origin=self.origin)
            self._findings = findings_of_record(
                self.database, self.archive.storage, self.viewer, acting
            )
        return self._findings

    def for_operation(self) -> "RequestContext":
        """Return a context with empty loaders.

        Operations on one WebSocket share a connection but must not share what they
        have loaded: it would be as old as the connection.
        """
        return replace(self)

    def forget_loaded(self) -> None:
        """Load everything anew from here on: a mutation has changed it."""
        self._loaders = self._findings = self._personal = None

    @property
    def payer(self) -> Payer:
        """Whose bucket this operation is taken from."""
        return payer_of(self.viewer, self.origin)

    @property
    def database(self) -> Database:
        """The way to the tables."""
        return self.services.database

    @property
    def archive(self) -> Archive:
        """The place of patients' records."""
        return self.services.archive

    @property
    def now(self) -> datetime:
        """The current moment, from the clock that the process was given."""
        return self.services.clock()


Info: TypeAlias = strawberry.Info[RequestContext, None]
