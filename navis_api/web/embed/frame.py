"""A page of ours in a frame of a partner's: who may frame it, and how it looks there."""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from navis_api.identity.viewer import ByKey
from navis_api.web.embed.look import Look
from navis_api.web.lasting import CHECK_S, WITHIN_S


@dataclass(frozen=True, slots=True)
class FramingKey:
    """A public key that holds, and from where its partner may frame our pages.

    `origins` are as `https://portal.example` or `https://*.portal.example`; at least one.
    """

    key: ByKey
    origins: tuple[str, ...]


FindFramingKey = Callable[[str], Awaitable[FramingKey]]
"""Finds a public key by its text. Raises UserFault for one that lets nobody in, NavisError when
nobody can tell now."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: the partner's origins, at least one, and the look."""

    origins: tuple[str, ...]
    look: Look
    check_s: int = CHECK_S
    """How often a page that stays open asks whether it has changed, in seconds."""
    warn_s: int = WITHIN_S
    """After how long without an answer it says so, in seconds."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What the browser is told of a framed page: who may show it, and what it may load."""
        style = f" 'sha256-{_digest(self.look.style)}'" if self.look.style else ""
        return {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'self'{style}; script-src 'self';"
                " connect-src 'self'; base-uri 'none'; form-action 'none';"
                f" frame-ancestors {' '.join(self.origins)}"
            ),
            # A page that isolates itself (COEP) may frame nothing that doesn't say so.
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "X-Robots-Tag": "noindex",
        }


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
