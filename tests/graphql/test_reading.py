"""The read API: what each query returns."""

from navis_api.graphql.relay import global_id
from tests.graphql.client import Client
from tests.graphql.world import QUOTE, SOURCE_TEXT, World

ANSWER = """
query ($slug: String!) {
  answer(slug: $slug) {
    id slug scope state reviewed revision title summary author doctorQuestions nextSteps gaps
    readingGrade publishedAt updatedAt url embedUrl
    question { id text slug status askedAt cancer { slug parent { slug } } }
    sections { kind heading markdown html claims { text citations { number quote start end } } }
    body plain: body(format: PLAIN_TEXT) html: body(format: HTML)
    citations {
      number quote start end locator
      source { id title publisher url version publishedOn lastReviewedOn accessedOn licence }
    }
    glossary { term explanation source }
    disclaimer { id text }
    safetyNotices { kind message contacts }
    callToAction { kind text }
    review { reviewer credentials reviewedAt nextReviewOn }
    history { revision state at reason }
  }
}
"""


async def test_an_answer_shows_every_part_of_its_document(client: Client) -> None:
    found = (await client.data(ANSWER, {"slug": "what-is-ablation"}))["answer"]
    assert found["reviewed"] is True
    assert found["review"]["reviewer"] == "Dr Sample"
    assert found["question"]["cancer"] == {
        "slug": "hepatocellular-carcinoma",
        "parent": {"slug": "liver-cancer"},
    }
    section = found["sections"][0]
    assert section["markdown"] == f"{QUOTE} [1] {QUOTE} [1]"
    assert section["html"].startswith("<p>")
    cited = found["citations"][0]
    assert SOURCE_TEXT[cited["start"] : cited["end"]] == cited["quote"] == QUOTE
    assert cited["source"]["lastReviewedOn"] == "2025-03-04"
    assert section["claims"][0]["citations"][0]["number"] == cited["number"]
    assert found["gaps"] == ["The sources say nothing about costs."]
    assert found["disclaimer"]["text"] in found["plain"]
    assert found["history"] == [
        {"revision": 1, "state": "PUBLISHED", "at": "2026-11-21T12:00:00+00:00", "reason": None}
    ]
    assert found["url"].endswith("/answers/what-is-ablation")
    assert found["embedUrl"] is None


async def test_an_unknown_slug_is_null(client: Client) -> None:
    query = '{ answer(slug: "x") { id } question(slug: "x") { id } cancer(slug: "x") { id } }'
    assert await client.data(query) == {"answer": None, "question": None, "cancer": None}


async def test_cancers_come_by_name_and_can_be_searched(client: Client) -> None:
    query = """query ($search: String) {
      cancers(search: $search) { totalCount nodes { name } pageInfo { hasNextPage } }
    }"""
    everything = (await client.data(query))["cancers"]
    assert [node["name"] for node in everything["nodes"]] == [
        "Breast cancer",
        "Hepatocellular carcinoma",
        "Liver cancer",
    ]
    found = (await client.data(query, {"search": "Hepatic can"}))["cancers"]
    assert [node["name"] for node in found["nodes"]] == ["Liver cancer"]
    assert found["totalCount"] == 1


async def test_cancers_page_forward_and_backward_without_gap_or_repeat(client: Client) -> None:
    query = """query ($first: Int, $after: String, $last: Int, $before: String) {
      cancers(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }"""
    one = (await client.data(query, {"first": 2}))["cancers"]
    two = (await client.data(query, {"first": 2, "after": one["pageInfo"]["endCursor"]}))["cancers"]
    names = [edge["node"]["name"] for page in (one, two) for edge in page["edges"]]
    assert names == ["Breast cancer", "Hepatocellular carcinoma", "Liver cancer"]
    assert one["pageInfo"]["hasNextPage"] is True
    assert two["pageInfo"] | {"startCursor": 0, "endCursor": 0} == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "startCursor": 0,
        "endCursor": 0,
    }
    back = await client.data(query, {"last": 2, "before": two["pageInfo"]["startCursor"]})
    assert back["cancers"]["edges"] == one["edges"]
    assert back["cancers"]["pageInfo"]["hasPreviousPage"] is False


async def test_questions_of_a_cancer_are_those_of_its_subtypes_too(client: Client) -> None:
    found = await client.data(
        """{ cancer(slug: "liver-cancer") {
            answeredQuestionCount
            subtypes { slug answeredQuestionCount }
            questions { nodes { text } }
            oldest: questions(orderBy: OLDEST_FIRST, first: 1) { nodes { text } }
        } }"""
    )
    assert found["cancer"]["answeredQuestionCount"] == 3
    assert found["cancer"]["subtypes"] == [
        {"slug": "hepatocellular-carcinoma", "answeredQuestionCount": 2}
    ]
    texts = [node["text"] for node in found["cancer"]["questions"]["nodes"]]
    assert texts == [
        "What is ablation?",
        "How is hepatocellular carcinoma treated?",
        "My liver cancer came back, what are my options?",
    ]
    assert found["cancer"]["oldest"]["nodes"] == [{"text": texts[-1]}]


async def test_questions_page_by_cursor(client: Client) -> None:
    query = """query ($after: String) {
      questions(first: 3, after: $after, answered: true) {
        nodes { text } pageInfo { hasNextPage endCursor }
      }
    }"""
    one = (await client.data(query))["questions"]
    assert one["pageInfo"]["hasNextPage"] is True
    two = (await client.data(query, {"after": one["pageInfo"]["endCursor"]}))["questions"]
    texts = [node["text"] for page in (one, two) for node in page["nodes"]]
    assert len(texts) == len(set(texts)) == 4


async def test_search_finds_by_everyday_words(client: Client) -> None:
    found = await client.data(
        """{ searchQuestions(text: "hepatic cancer came back", first: 5) {
            edges { cursor score node { text } } nodes { text } correctedText
            pageInfo { hasNextPage hasPreviousPage }
        } }"""
    )
    best = found["searchQuestions"]["edges"][0]
    assert best["node"]["text"] == "My liver cancer came back, what are my options?"
    assert best["score"] > 0


async def test_every_object_can_be_fetched_again_by_its_id(client: Client) -> None:
    found = await client.data(
        """{ answer(slug: "what-is-ablation") {
            id question { id cancer { id } } citations { source { id title } }
        } }"""
    )
    answer = found["answer"]
    ids = [
        answer["id"],
        answer["question"]["id"],
        answer["question"]["cancer"]["id"],
        answer["citations"][0]["source"]["id"],
    ]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Source { title } } }"
    nodes = (await client.data(query, {"ids": ids}))["nodes"]
    assert [node["__typename"] for node in nodes] == ["Answer", "Question", "Cancer", "Source"]
    assert [node["id"] for node in nodes] == ids
    assert nodes[3]["title"] == answer["citations"][0]["source"]["title"]


async def test_a_node_that_is_not_there_is_null(client: Client, world: World) -> None:
    absent = global_id("Question", world.own.answer_id)
    query = "query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }"
    assert await client.data(query, {"id": absent}) == {"node": None, "nodes": [None]}


async def test_related_questions_are_answered_ones_on_the_same_cancer(client: Client) -> None:
    found = await client.data(
        '{ question(slug: "what-is-ablation") { related(first: 1) { text status } } }'
    )
    assert found["question"]["related"] == [
        {"text": "How is hepatocellular carcinoma treated?", "status": "ANSWERED"}
    ]
