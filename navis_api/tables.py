"""The tables of all rooms: they refer to each other, so whoever uses one needs all of them."""

from typing import Final

from sqlalchemy import MetaData

from navis_api.answers import models as answers
from navis_api.answers import publishing_models as publishing
from navis_api.answers import translation_models as translations
from navis_api.asking import models as asking
from navis_api.asking.personal import models as personal
from navis_api.asking.personal.reviews import models as personal_reviews
from navis_api.audit import models as audit
from navis_api.cancers import models as cancers
from navis_api.db.base import Base
from navis_api.generation import models as generation
from navis_api.jobs import models as jobs
from navis_api.limits import models as limits
from navis_api.partners import models as partners
from navis_api.partners.webhooks import models as webhooks
from navis_api.persisted import models as persisted
from navis_api.personal_data.erasing import models as erasing
from navis_api.questions import models as questions
from navis_api.records import models as records
from navis_api.records.consents import models as consents
from navis_api.records.findings import models as findings
from navis_api.review import models as review
from navis_api.sources import models as sources

# Each room's register themselves when they are imported.
_ROOMS: Final = (
    answers,
    asking,
    audit,
    cancers,
    consents,
    erasing,
    findings,
    generation,
    jobs,
    limits,
    partners,
    persisted,
    personal,
    personal_reviews,
    publishing,
    questions,
    records,
    review,
    sources,
    translations,
    webhooks,
)

METADATA: Final[MetaData] = Base.metadata
