"""The mark of a query field whose reading is recorded: `strawberry.field(metadata=RECORDED)`.

Such a field does more than read, so it must be resolved once for a request and never tried
twice: compiled execution leaves operations with one to graphql-core.
"""

from collections.abc import Mapping
from types import MappingProxyType

RECORDED: Mapping[str, object] = MappingProxyType({"recorded": True})
