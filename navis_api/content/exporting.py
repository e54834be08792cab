"""Giving everything that is published out as a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import repository as answers
from navis_api.answers.repository import AnswerView
from navis_api.cancers import repository as cancers
from navis_api.cancers.catalogue import Catalogue
from navis_api.content import repository
from navis_api.content.bundle import (
    BundleAnswer,
    BundleAnswerText,
    BundleCancer,
    BundleCitation,
    BundleClaim,
    BundleHead,
    BundleQuestion,
    BundleReview,
    BundleSection,
    BundleSource,
    BundleTranslation,
    write_part,
)
from navis_api.content.translations import served_translations
from navis_api.questions.models import Question
from navis_api.sources import repository as sources
from navis_api.sources.models import Source, SourceVersion


@dataclass(frozen=True, slots=True)
class Exported:
    """How much was written."""

    cancers: int
    sources: int
    answers: int


async def export_bundle(session: AsyncSession, path: Path) -> Exported:
    """Write everything that is published, and what it needs, as a bundle. Returns the counts."""
    catalogue = await cancers.load_catalogue(session)
    cancer_parts = [_cancer_part(catalogue, slug) for slug in sorted(catalogue.by_slug)]
    write_part(path / "cancers.json", list(cancer_parts))
    samples = await answers.count_published_samples(session)
    cited: set[UUID] = set()
    published = 0
    keys: dict[UUID, str] = {}
    async for question, view in repository.published(session):
        versions = {each.source.version_id for each in view.content.citations}
        for id_, found in (
            await sources.views_of_versions(session, list(versions - keys.keys()))
        ).items():
            keys[id_] = found.source.key
        cited |= versions
        translations = await served_translations(session, view.revision)
        part = _answer_part(catalogue, question, view, keys, translations)
        write_part(path / "answers" / f"{part.question.slug}.json", part)
        published += 1
    for number, (source, version) in enumerate(
        await repository.versions_with_text(session, cited), start=1
    ):
        write_part(path / "sources" / f"{number:05}.json", _source_part(source, version))
    write_part(path / "bundle.json", BundleHead(sample=samples > 0))
    return Exported(len(cancer_parts), len(cited), published)


def _cancer_part(catalogue: Catalogue, slug: str) -> BundleCancer:
    entry = catalogue.by_slug[slug]
    parent = catalogue.parent(entry)
    return BundleCancer(
        slug=entry.slug,
        name=entry.name,
        clinical_name=entry.clinical_name,
        aliases=entry.aliases,
        abbreviations=entry.abbreviations,
        body_site=entry.body_site,
        icd10_codes=entry.icd10_codes,
        summary=entry.summary,
        parent=parent.slug if parent else None,
    )


def _source_part(source: Source, version: SourceVersion) -> BundleSource:
    return BundleSource(
        key=source.key,
        title=source.title,
        publisher=source.publisher,
        url=source.url or "",
        licence=source.licence,
        version=version.version,
        published_on=version.published_on,
        last_reviewed_on=version.last_reviewed_on,
        accessed_on=version.accessed_on,
        audience=source.audience,
        language=source.language,
        text=version.text,
    )


def _answer_part(
    catalogue: Catalogue,
    question: Question,
    view: AnswerView,
    keys: Mapping[UUID, str],
    translations: tuple[BundleTranslation, ...],
) -> BundleAnswer:
    revision, content = view.revision, view.content
    cancer = catalogue.by_id.get(question.cancer_id) if question.cancer_id else None
    if not (question.slug and revision.approved_by and revision.approved_at):
        message = "A published answer has no slug or no approval."
        raise LookupError(message)
    return BundleAnswer(
        question=BundleQuestion(
            text=question.text,
            cancer=cancer.slug if cancer else None,
            slug=question.slug,
            asked_on=question.asked_at.date(),
            locale=question.locale,
        ),
        answer=BundleAnswerText(
            title=revision.title,
            summary=revision.summary,
            sections=tuple(
                BundleSection(
                    kind=section.kind,
                    heading=section.heading,
                    claims=tuple(
                        BundleClaim(
                            text=claim.text,
                            style=claim.style,
                            citations=tuple(
                                BundleCitation(
                                    source=keys[each.source.version_id], quote=each.quote
                                )
                                for each in content.citations_of(claim)
                            ),
                        )
                        for claim in section.claims
                    ),
                )
                for section in content.sections
            ),
            doctor_questions=tuple(revision.doctor_questions),
            next_steps=tuple(revision.next_steps),
            gaps=tuple(revision.gaps),
        ),
        review=BundleReview(
            reviewer=revision.approved_by,
            credentials=revision.approver_credentials or "",
            reviewed_on=revision.approved_at.date(),
            next_review_on=revision.next_review_on or revision.approved_at.date(),
        ),
        translations=translations,
    )
