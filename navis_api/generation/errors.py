"""What can be wrong with a generation."""

from navis_api.errors import NavisError, UserFault


class GenerationUnknown(UserFault):
    """No generation with this id, or none that the viewer may follow."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "There is no generation with this id, or it is not yours to follow.",
            path=("generationId",),
        )


class OthersWait(UserFault):
    """More than one asker waits for this answer, so no one of them can stop it."""

    code = "CONFLICT"

    def __init__(self) -> None:
        super().__init__(
            "Others have asked the same question and wait for this answer, so it goes on being"
            " written. You can stop following it.",
            path=("input", "generationId"),
        )


class LeaseLost(NavisError):
    """Somebody else writes this generation now, or it has ended: what we hold is void."""

    def __init__(self) -> None:
        super().__init__("Another worker has taken over, or the generation has ended.")


class EngineIncomplete(NavisError):
    """An engine stopped without an end: what it wrote is no answer."""

    def __init__(self) -> None:
        super().__init__("The engine stopped before the end of its answer.")
