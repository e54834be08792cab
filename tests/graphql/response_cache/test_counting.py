"""What comes out of memory is counted too, by the app that asked for it."""

from tests.graphql.response_cache.conftest import Remembering

QUERY = "{ cancers(first: 1) { nodes { slug } } }"


async def test_responses_out_of_memory_are_counted_by_app(remembering: Remembering) -> None:
    services = remembering.endpoint.services
    http = remembering.client.http
    for headers in ({}, {}, {"apollographql-client-name": "a stranger's words"}, {}):
        response = await http.post("/graphql", json={"query": QUERY}, headers=headers)
        assert response.status_code == 200
    text = services.metrics.text().decode()
    # The first was executed, and is no response out of memory.
    assert 'navis_graphql_kept_responses_total{client="",version=""} 2.0' in text
    assert 'navis_graphql_kept_responses_total{client="other",version="other"} 1.0' in text
    assert "stranger" not in text
    assert (
        'navis_graphql_operations_total{client="",kind="query",operation="other",'
        'outcome="executed",version=""} 1.0'
    ) in text
