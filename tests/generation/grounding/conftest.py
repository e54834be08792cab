"""The catalogue of the samples, without a database."""

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

import navis_api
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry

CANCERS = Path(navis_api.__file__).parent / "samples" / "cancers.json"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    written: list[dict[str, Any]] = json.loads(CANCERS.read_text("utf-8"))
    ids = {cancer["slug"]: uuid5(NAMESPACE_URL, cancer["slug"]) for cancer in written}
    return Catalogue(
        tuple(
            CatalogueEntry(
                id=ids[cancer["slug"]],
                slug=cancer["slug"],
                name=cancer["name"],
                clinical_name=cancer["clinicalName"],
                aliases=tuple(cancer["aliases"]),
                abbreviations=tuple(cancer["abbreviations"]),
                body_site=cancer["bodySite"],
                icd10_codes=tuple(cancer["icd10Codes"]),
                summary=cancer["summary"],
                parent_id=ids.get(cancer["parent"]),
            )
            for cancer in written
        )
    )
