"""Keeping partners and their keys. For administrators."""

from typing import Annotated

import strawberry

from navis_api.db.paging import page_request
from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.partners.administering import administering
from navis_api.graphql.partners.inputs import (
    CreatePartnerInput,
    CreatePartnerKeyInput,
    RevokePartnerKeyInput,
    RotatePartnerKeyInput,
    UpdatePartnerInput,
)
from navis_api.graphql.partners.payloads import (
    CreatePartnerKeyPayload,
    CreatePartnerPayload,
    RevokePartnerKeyPayload,
    RotatePartnerKeyPayload,
    UpdatePartnerPayload,
)
from navis_api.graphql.partners.types import Partner, PartnerConnection, PartnerKey
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.relay import After, First, parse_id_of
from navis_api.partners import keys, service
from navis_api.partners.webhooks.service import endpoints_by_partner


@strawberry.type
class PartnerQueries:
    """The fields that Query has from partners."""

    @strawberry.field(
        description="The partners, by name, with their keys. For administrators.",
        metadata=RECORDED,
    )
    async def partners(
        self, info: Info, first: First = None, after: After = None
    ) -> PartnerConnection:
        """Page through them."""
        page = page_request(first=first, after=after)
        async with administering(info) as (session, acting, catalogue):
            found, keys_of = await service.list_partners(session, page, acting=acting)
            endpoints_of = await endpoints_by_partner(session, list(keys_of), now=acting.now)
        return PartnerConnection.of(found, keys_of, endpoints_of, catalogue)


@strawberry.type
class PartnerMutations:
    """The fields that Mutation has from partners."""

    @strawberry.mutation(description="Adds a partner. For administrators.")
    async def create_partner(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            CreatePartnerInput, strawberry.argument(description="The partner.")
        ],
    ) -> CreatePartnerPayload:
        """Add it."""
        try:
            async with administering(info) as (session, acting, catalogue):
                made = await service.create_partner(
                    session, name=input.name, origins=input.origins, acting=acting
                )
        except UserFault as fault:
            return CreatePartnerPayload.refused(fault)
        return CreatePartnerPayload.of(Partner.of(made, (), (), catalogue))

    @strawberry.mutation(
        description="Changes a partner's name, or the origins of its pages. For administrators."
    )
    async def update_partner(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            UpdatePartnerInput, strawberry.argument(description="Which, and what is to change.")
        ],
    ) -> UpdatePartnerPayload:
        """Change it."""
        try:
            id_ = parse_id_of("Partner", input.partner_id, argument="partnerId")
            async with administering(info) as (session, acting, catalogue):
                changed = await service.update_partner(
                    session, id_, name=input.name, origins=input.origins, acting=acting
                )
                keys_of = await service.keys_by_partner(session, [changed])
                endpoints_of = await endpoints_by_partner(session, [id_], now=acting.now)
        except UserFault as fault:
            return UpdatePartnerPayload.refused(fault)
        return UpdatePartnerPayload.of(
            Partner.of(changed, keys_of[id_], endpoints_of[id_], catalogue)
        )

    @strawberry.mutation(
        description="Makes a key for a partner. The key is shown once. For administrators."
    )
    async def create_partner_key(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            CreatePartnerKeyInput, strawberry.argument(description="The key.")
        ],
    ) -> CreatePartnerKeyPayload:
        """Make it."""
        try:
            id_ = parse_id_of("Partner", input.partner_id, argument="partnerId")
            async with administering(info) as (session, acting, _):
                made = await keys.create_key(session, id_, input.draft(), acting=acting)
        except UserFault as fault:
            return CreatePartnerKeyPayload.refused(fault)
        return CreatePartnerKeyPayload.of(made)

    @strawberry.mutation(
        description="Makes a key in the place of another, which goes on for a while so that a"
        " partner's systems can change over. The key is shown once. For administrators."
    )
    async def rotate_partner_key(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            RotatePartnerKeyInput, strawberry.argument(description="Which, and for how long both.")
        ],
    ) -> RotatePartnerKeyPayload:
        """Rotate it."""
        try:
            id_ = parse_id_of("PartnerKey", input.key_id, argument="keyId")
            overlap = input.overlap()
            async with administering(info) as (session, acting, _):
                made = await keys.rotate_key(session, id_, overlap=overlap, acting=acting)
        except UserFault as fault:
            return RotatePartnerKeyPayload.refused(fault)
        return RotatePartnerKeyPayload.of(made)

    @strawberry.mutation(
        description="Takes a key back for good: within seconds it lets nobody in anywhere, and"
        " what is open with it ends. For administrators."
    )
    async def revoke_partner_key(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            RevokePartnerKeyInput, strawberry.argument(description="Which.")
        ],
    ) -> RevokePartnerKeyPayload:
        """Revoke it."""
        try:
            id_ = parse_id_of("PartnerKey", input.key_id, argument="keyId")
            async with administering(info) as (session, acting, _):
                revoked = await keys.revoke_key(session, id_, acting=acting)
        except UserFault as fault:
            return RevokePartnerKeyPayload.refused(fault)
        return RevokePartnerKeyPayload.of(PartnerKey.of(revoked))
