"""Errors of ours about a whole operation: each with a code, and with no value of the client's."""

from graphql import GraphQLError, Node

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT = "BAD_USER_INPUT"
LIMIT_EXCEEDED = "QUERY_LIMIT_EXCEEDED"
INTROSPECTION_DISABLED = "INTROSPECTION_DISABLED"
BAD_REQUEST = "BAD_REQUEST"
INCREMENTAL_REFUSED = "INCREMENTAL_DELIVERY_NOT_ACCEPTED"
TOO_MANY_SUBSCRIPTIONS = "TOO_MANY_SUBSCRIPTIONS"
PERSISTED_QUERY_INVALID = "PERSISTED_QUERY_INVALID"
PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
PERSISTED_QUERY_MISMATCH = "PERSISTED_QUERY_MISMATCH"
OPERATION_NOT_REGISTERED = "OPERATION_NOT_REGISTERED"


class OperationRefused(Exception):
    """An operation that is not executed, and the errors that say why."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__()
        self.errors = list(errors)


def refusal(
    message: str, *, code: str, node: Node | None = None, **facts: str | int
) -> GraphQLError:
    """Return an error with a code, and with facts that a client's code can read."""
    return GraphQLError(message, nodes=node, extensions={"code": code, **facts})


def limit_exceeded(limit: str, maximum: int, message: str) -> OperationRefused:
    """Return the refusal of an operation that goes beyond a limit."""
    return OperationRefused(refusal(message, code=LIMIT_EXCEEDED, limit=limit, maximum=maximum))
