"""The catalogue of the sample content, for tests that need no database."""

from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import navis_api
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.content.bundle import BundleFolder

SAMPLES = Path(navis_api.__file__).parent / "samples"


@cache
def sample_catalogue() -> Catalogue:
    """Return every cancer of the sample content, with ids of its slugs."""
    return Catalogue(
        tuple(
            CatalogueEntry(
                id=uuid5(NAMESPACE_URL, cancer.slug),
                slug=cancer.slug,
                name=cancer.name,
                clinical_name=cancer.clinical_name,
                aliases=tuple(cancer.aliases),
                abbreviations=tuple(cancer.abbreviations),
                body_site=cancer.body_site,
                icd10_codes=tuple(cancer.icd10_codes),
                summary=cancer.summary,
                parent_id=uuid5(NAMESPACE_URL, cancer.parent) if cancer.parent else None,
            )
            for cancer in BundleFolder(SAMPLES).cancers()
        )
    )
