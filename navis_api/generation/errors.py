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


class EngineMissing(NavisError):
    """A generation is to be written by an engine that this process doesn't have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The engine `{name}` isn't set up here (NAVIS_ENGINE).")


class EngineTimedOut(NavisError):
    """An engine took longer than one answer may take."""

    def __init__(self) -> None:
        super().__init__("The engine took longer than NAVIS_GENERATION_TOTAL_TIMEOUT_S.")


class EngineUnavailable(NavisError):
    """An engine takes no work now: nobody's attempt, and worth trying again after `after_s`."""

    def __init__(self, after_s: float) -> None:
        super().__init__("The generation server takes no work now.")
        self.after_s = after_s


class RemoteFailed(NavisError):
    """A generation server did not what it should; `how` is a phrase of ours, never its own text."""

    def __init__(self, how: str) -> None:
        super().__init__(f"The generation server failed: {how}.")
        self.how = how


class RemoteUnreachable(RemoteFailed):
    """A generation server wasn't reached, so that it has begun nothing."""


class RemoteRefused(NavisError):
    """A generation server understood a request and won't have it: what we sent or set is wrong."""

    def __init__(self, status: int) -> None:
        super().__init__(
            f"The generation server refused with status {status}. Compare NAVIS_GENERATION_URL,"
            " NAVIS_GENERATION_TOKEN and NAVIS_ENGINE on both sides."
        )
        self.status = status
