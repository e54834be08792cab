"""Acting as the patient who is signed in."""

from navis_api.graphql.context import RequestContext
from navis_api.records.acting import Acting, as_patient


def acting_in(context: RequestContext) -> Acting:
    """Return the viewer as a patient. Raises PatientsOnly."""
    return as_patient(context.viewer, now=context.now, origin=context.origin)
