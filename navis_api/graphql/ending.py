"""Ending a block of code from outside, as when a stream's reader has gone away."""

import asyncio


class Ending:
    """Ends the block that it manages when it is told to: the block's task goes on after it.

    Only from callbacks of the event loop, as `asyncio.timeout` does it: then the
    block is waiting for something, and is ended there.
    """

    def __init__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._inside = False
        self.ended = False

    def end(self) -> None:
        """End the block, if it runs and hasn't been ended before."""
        if self._inside and not self.ended:
            self.ended = True
            self._task.cancel()

    def __enter__(self) -> None:
        self._inside = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self._inside = False
        # Whoever else has cancelled the task means more than this block.
        return self.ended and self._task.uncancel() == 0 and kind is asyncio.CancelledError
