"""What an operation notes of what it read, by which responses are kept and forgotten."""

from uuid import UUID

import pytest

from navis_api.graphql.context import RequestContext
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.reads import ReadLog
from navis_api.graphql.relay import global_id
from navis_api.graphql.schema import schema
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind
from tests.graphql.conftest import Build
from tests.graphql.world import ASKER, World

SLUG = "what-is-ablation"


@pytest.fixture
def endpoint(build: Build, world: World) -> GraphQLEndpoint:
    return build()


async def noted(endpoint: GraphQLEndpoint, query: str, *, viewer: Viewer = ANONYMOUS) -> ReadLog:
    """Return what is noted when a query is executed."""
    document = endpoint.services.documents.read(query)
    context = RequestContext(endpoint.services, viewer=viewer, document=document)
    result = await schema().execute(query, context_value=context)
    assert not result.errors
    return context.reads


def cancer(world: World, slug: str) -> str:
    return f"cancer:{world.catalogue.by_slug[slug].id}"


def published(world: World) -> tuple[str, UUID]:
    """Return the tag of the question at `SLUG`, and its id."""
    id_ = world.published[2]
    return f"question:{id_}", id_


async def test_an_answer_by_its_address_notes_itself_alone(endpoint: GraphQLEndpoint) -> None:
    for fields in ("title", "sections { markdown } body", "citations { quote source { title } }"):
        log = await noted(endpoint, f'{{ answer(slug: "{SLUG}") {{ {fields} }} }}')
        assert not log.private
        assert [tag.split(":")[0] for tag in log.tags] == ["answer"]


async def test_what_leads_from_an_answer_to_its_question_is_noted(
    endpoint: GraphQLEndpoint, world: World
) -> None:
    tag, _ = published(world)
    for field in ("question { text }", "safetyNotices { kind }"):
        log = await noted(endpoint, f'{{ answer(slug: "{SLUG}") {{ {field} }} }}')
        assert not log.private
        assert tag in log.tags
        assert len(log.tags) == 2


async def test_a_question_notes_itself_and_the_answer_that_is_asked_for(
    endpoint: GraphQLEndpoint, world: World
) -> None:
    tag, id_ = published(world)
    alone = await noted(endpoint, f'{{ question(slug: "{SLUG}") {{ text cancer {{ slug }} }} }}')
    assert (alone.tags, alone.private) == ({tag}, False)
    both = await noted(endpoint, f'{{ question(slug: "{SLUG}") {{ answer {{ title }} }} }}')
    assert not both.private
    assert {each.split(":")[0] for each in both.tags} == {"question", "answer"}
    by_id = global_id("Question", id_)
    node = await noted(endpoint, f'{{ node(id: "{by_id}") {{ id }} }}')
    assert (node.tags, node.private) == ({tag}, False)


@pytest.mark.parametrize(
    "query",
    [
        '{ answer(slug: "x") { title } }',
        '{ question(slug: "x") { text } }',
        f'{{ retraction(slug: "{SLUG}") {{ reason }} }}',
        '{ searchQuestions(text: "ablation") { nodes { text } } }',
        f'{{ question(slug: "{SLUG}") {{ related {{ text }} }} }}',
        "{ questions { nodes { text } } }",
        "{ questions(answered: true) { nodes { text answer { title } } } }",
        '{ questions(cancer: "liver-cancer", answered: true) { nodes { text } } }',
        "{ changes { nodes { slug answer { title } question { text } } } }",
    ],
)
async def test_what_any_publication_may_change_says_so(
    endpoint: GraphQLEndpoint, query: str
) -> None:
    log = await noted(endpoint, query)
    assert "published" in log.tags
    assert not log.private


@pytest.mark.parametrize(
    "field", ["questions(answered: true) { nodes { text } }", "answeredQuestionCount"]
)
async def test_lists_and_counts_of_a_cancer_note_the_cancer_that_was_asked_for(
    endpoint: GraphQLEndpoint, world: World, field: str
) -> None:
    log = await noted(endpoint, f'{{ cancer(slug: "liver-cancer") {{ {field} }} }}')
    assert (log.tags, log.private) == ({cancer(world, "liver-cancer")}, False)
    every = await noted(endpoint, f"{{ cancers {{ nodes {{ {field} }} }} }}")
    assert every.tags == {cancer(world, entry.slug) for entry in world.catalogue.entries}


async def test_the_catalogue_alone_notes_nothing(endpoint: GraphQLEndpoint) -> None:
    log = await noted(endpoint, "{ cancers { nodes { slug parent { name } } } }")
    assert (log.tags, log.private) == (set(), False)


@pytest.mark.parametrize("viewer", [ANONYMOUS, Viewer(ViewerKind.PATIENT, ASKER)])
async def test_what_is_not_published_is_private_to_whoever_may_see_it(
    endpoint: GraphQLEndpoint, world: World, viewer: Viewer
) -> None:
    own = world.anonymous if viewer is ANONYMOUS else world.own
    for type_name, id_, field in (
        ("Question", own.question_id, "text answer { title }"),
        ("Question", own.question_id, "generation { status }"),
        ("Answer", own.answer_id, "title"),
        ("Generation", own.generation_id, "status"),
    ):
        node = global_id(type_name, id_)
        query = f'{{ node(id: "{node}") {{ ... on {type_name} {{ {field} }} }} }}'
        assert (await noted(endpoint, query, viewer=viewer)).private


@pytest.mark.parametrize(
    "query",
    [
        "{ questions { nodes { text } } }",
        "{ questions(answered: false) { nodes { text } } }",
        '{ cancer(slug: "liver-cancer") { questions { nodes { text } } } }',
        f'{{ question(slug: "{SLUG}") {{ generation {{ status }} }} }}',
        f'{{ answer(slug: "{SLUG}") {{ version }} }}',
    ],
)
async def test_a_viewers_own_lists_and_what_readers_never_hear_of_are_private(
    endpoint: GraphQLEndpoint, query: str
) -> None:
    viewer = Viewer(ViewerKind.PATIENT, ASKER)
    assert (await noted(endpoint, query, viewer=viewer)).private


@pytest.mark.parametrize(
    "field",
    [
        "publishAt",
        "reviewItem { __typename }",
        "comments { __typename }",
        "decisions { __typename }",
        "feedback { __typename }",
        "history { revision }",
    ],
)
async def test_what_the_staff_see_is_private(endpoint: GraphQLEndpoint, field: str) -> None:
    query = f'{{ answer(slug: "{SLUG}") {{ {field} }} }}'
    editor = Viewer(ViewerKind.EDITOR, "editor-1")
    assert (await noted(endpoint, query, viewer=editor)).private
    assert not (await noted(endpoint, query)).private
