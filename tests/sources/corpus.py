"""A catalogue of a few cancers and made-up documents on them: facts here are nobody's."""

from collections.abc import Sequence
from datetime import UTC, datetime

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.cancers.repository import load_catalogue
from navis_api.cancers.service import CancerDraft, save_cancers
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import Audience
from navis_api.sources.service import save_document

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def cancer(
    slug: str,
    name: str,
    *aliases: str,
    clinical: str | None = None,
    short: Sequence[str] = (),
    parent: str | None = None,
) -> CancerDraft:
    return CancerDraft(
        slug=slug,
        name=name,
        clinical_name=clinical,
        aliases=tuple(aliases),
        abbreviations=tuple(short),
        body_site=name.split(maxsplit=1)[0],
        icd10_codes=("C00",),
        summary=f"{name} (made up for tests).",
        parent=parent,
    )


CANCERS = (
    cancer("liver-cancer", "Liver Cancer", "cancer of the liver", clinical="Primary liver cancer"),
    cancer("hepatocellular-carcinoma", "Hepatocellular Carcinoma", "HCC", parent="liver-cancer"),
    cancer("hepatoblastoma", "Hepatoblastoma", parent="liver-cancer"),
    cancer("bile-duct-cancer", "Bile Duct Cancer", clinical="Cholangiocarcinoma"),
    cancer("colorectal-cancer", "Colorectal Cancer", "bowel cancer"),
    cancer("colon-cancer", "Colon Cancer", parent="colorectal-cancer"),
    cancer("breast-cancer", "Breast Cancer"),
    cancer("skin-cancer", "Skin Cancer"),
    cancer(
        "basal-cell-carcinoma", "Basal Cell Carcinoma", clinical="Basal cell carcinoma of the skin",
        parent="skin-cancer",
    ),
    cancer(
        "squamous-cell-carcinoma-of-the-skin", "Squamous Cell Carcinoma of the Skin",
        parent="skin-cancer",
    ),
    cancer("leukemia", "Leukemia"),
    cancer("non-hodgkin-lymphoma", "Non-Hodgkin Lymphoma"),
    cancer(
        "diffuse-large-b-cell-lymphoma", "Diffuse Large B-Cell Lymphoma", short=("DLBCL",),
        parent="non-hodgkin-lymphoma",
    ),
    cancer("melanoma", "Melanoma"),
    cancer("intraocular-melanoma", "Intraocular Melanoma", "melanoma of the eye"),
    cancer("thymoma", "Thymoma", "thymic carcinoma"),
    cancer("ovarian-cancer", "Ovarian Cancer"),
    cancer("fallopian-tube-cancer", "Fallopian Tube Cancer"),
    cancer("stomach-cancer", "Stomach Cancer", clinical="Gastric cancer"),
)  # fmt: skip

LIVER_TREATMENT = """\
Different types of treatment are available for people with liver cancer. Liver cancer of the blue
kind is rare.

## Types of treatment

### Surgery

A partial hepatectomy removes the part of the liver where cancer is found. The rest of the liver
takes over its work. Colorectal cancer that spread to the liver is treated in other ways.

### Ablation therapy

Ablation therapy destroys tissue without removing it. A patient takes 50 mg of a made-up drug
before it. Different types of ablation are used for liver cancer:

- Heat ablation: Needles heat the tumor until its cells die.
- Cold ablation: A probe freezes the tumor until its cells die.

### Embolization therapy

Embolization therapy blocks the flow of blood to the tumor. See the section below for pictures.

### Immunotherapy

Immunotherapy helps the immune system to find cancer cells. It is given into a vein.

### Clinical trials

Joining a clinical trial may be an option for some people.

## Treatment of recurrent liver cancer

Treatment options for recurrent liver cancer may include:

- partial hepatectomy in people whose liver works well
- ablation therapy
- embolization therapy
- immunotherapy

## What affects liver cancer prognosis?

The prognosis and treatment options depend on:

- the stage of the cancer
- how well the liver is working

## Follow-up care

Follow-up tests show how well the treatment is working. These tests go on for years.
"""

LIVER_STAGES = """\
## Recurrent liver cancer

Recurrent liver cancer is cancer that came back after treatment. It may come back in the liver or
in other parts of the body.

## Symptoms of liver cancer

Symptoms of liver cancer may include:

- a hard lump below the ribs
- yellow skin
- bile duct cancer has the same symptoms
"""

CHILD_LIVER = """\
## Treatment of recurrent childhood liver cancer

Treatment of recurrent childhood liver cancer may include:

- a made-up treatment that only children have
"""

PROFESSIONAL = """\
## Treatment of recurrent liver cancer

In a randomized phase III trial the median survival was 11 months (HR, 0.7; 95% CI, 0.5-0.9).
Professionals alone read this sentence about recurrent liver cancer treatment.
"""

RECURRENT = """\
## Why cancer comes back

Recurrent cancer starts with cells that the first treatment did not destroy. For example, colon
cancer may come back in the liver. Nobody did anything wrong when a cancer comes back.

## Palliative care

Palliative care relieves pain and other symptoms. It can begin at any time.
"""

METASTATIC = """\
## What is metastatic cancer?

Cancer that spreads to a distant part of the body is called metastatic cancer.

## Treatment for metastatic cancer

Often the goal of treating metastatic cancer is to control its growth.
"""

BREAST = """\
## Treatment of recurrent breast cancer

Treatment of recurrent breast cancer may include:

- a made-up treatment that only breast cancer has
"""

DRUG = """\
## Use in cancer

Madeupinib is approved to treat:

- Hepatocellular carcinoma that has come back.
- Breast cancer that has come back.
"""


def document(
    key: str, title: str, markdown: str, *, audience: Audience = Audience.PATIENT
) -> SourceDocument:
    return SourceDocument(
        key=key,
        title=title,
        publisher="Made up for tests",
        url=f"https://example.org/{key}",
        licence="CC0-1.0",
        markdown=markdown,
        where=f"tests:{key}",
        audience=audience,
    )


DOCUMENTS = (
    document("liver/treatment", "Liver Cancer Treatment", LIVER_TREATMENT),
    document("liver/stages", "Liver Cancer Stages", LIVER_STAGES),
    document("liver/stages-again", "Liver Cancer: a Copy", LIVER_STAGES),
    document("liver/childhood", "Childhood Liver Cancer Treatment", CHILD_LIVER),
    document(
        "liver/professional", "Liver Cancer Treatment", PROFESSIONAL,
        audience=Audience.PROFESSIONAL,
    ),
    document("recurrent", "Recurrent Cancer", RECURRENT),
    document("metastatic", "Metastatic Cancer: When Cancer Spreads", METASTATIC),
    document("breast/treatment", "Breast Cancer Treatment", BREAST),
    document("drugs/madeupinib", "Madeupinib Maleate", DRUG),
)  # fmt: skip


async def fill(database: Database, documents: Sequence[SourceDocument] = DOCUMENTS) -> Catalogue:
    async with database.writing(SYSTEM_ROWS) as session:
        await save_cancers(session, CANCERS, now=NOON)
    async with database.reading() as session:
        catalogue = await load_catalogue(session)
    async with database.writing(SYSTEM_ROWS) as session:
        for each in documents:
            await save_document(session, each, catalogue=catalogue, now=NOON)
    return catalogue


def entry(catalogue: Catalogue, slug: str) -> CatalogueEntry:
    return catalogue.by_slug[slug]
