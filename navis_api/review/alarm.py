"""Telling people outside that a reader has reported harm: ids and a time, never words."""

from datetime import datetime
from uuid import UUID

import httpx
import orjson

from navis_api.errors import NavisError, OperatorFault
from navis_api.identity.web_address import is_safe_address


class AlarmAddressUnsafe(OperatorFault):
    """An address for alarms that isn't of HTTPS, nor on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "NAVIS_ALARM_URL has to be an https:// address without a password in it, or one of"
            " this machine."
        )


class AlarmNotTaken(NavisError):
    """Nobody took an alarm. `status` is what came instead of 2xx; None: nothing came."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"The alarm was not taken (status {status}).")
        self.status = status


class AlarmBell:
    """Posts alarms to an address. Raises AlarmAddressUnsafe."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        if not is_safe_address(url, plain_loopback=True):
            raise AlarmAddressUnsafe
        self._url = url
        self._timeout_s = timeout_s

    async def ring(
        self, feedback_id: UUID, answer_id: UUID, revision_id: UUID, at: datetime
    ) -> None:
        """Post that harm was reported; the same `feedbackId` may come twice.

        Raises AlarmNotTaken, which quotes nothing of the answer.
        """
        alarm = {
            "kind": "HARM",
            "feedbackId": str(feedback_id),
            "answerId": str(answer_id),
            "revisionId": str(revision_id),
            "at": at.isoformat(),
        }
        try:
            async with httpx.AsyncClient(
                timeout=self._timeout_s, trust_env=False, follow_redirects=False
            ) as client:
                response = await client.post(
                    self._url,
                    content=orjson.dumps(alarm),
                    headers={"Content-Type": "application/json"},
                )
        except httpx.HTTPError:
            raise AlarmNotTaken(None) from None
        if not response.is_success:
            raise AlarmNotTaken(response.status_code)
