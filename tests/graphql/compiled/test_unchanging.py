"""Lists of content that never changes: completed once, and the same bytes as ever."""

from navis_api.graphql.responses import encode
from navis_api.graphql.unchanging import WrittenList
from navis_api.kit.bounded import BoundedMemory
from tests.graphql.compiled.both_ways import BothWays

WHOLE = """{ answer(slug: "what-is-ablation") {
  sections { kind heading markdown html claims { text citations { number quote } } }
  citations { number quote start end locator source { id title accessedOn __typename } } } }"""
ALIASED = """{ answer(slug: "what-is-ablation") {
  citations { n: number ...Quoted } } } fragment Quoted on Citation { quote }"""
OTHERWISE = '{ answer(slug: "what-is-ablation") { citations { quote n: number } } }'


async def test_they_are_the_same_bytes_each_time(both_ways: BothWays) -> None:
    for text in (WHOLE, ALIASED, OTHERWISE, WHOLE, ALIASED, OTHERWISE):
        both = await both_ways.run(text)
        assert both.compiled is not None, both.reason
        assert both.agree


async def test_what_selects_the_same_shares_them_whatever_the_document(
    both_ways: BothWays,
) -> None:
    memory = both_ways.services.database.published.memory
    await both_ways.run('{ answer(slug: "what-is-ablation") { citations { number quote } } }')
    taken = memory.bytes
    text = """query Other { again: answer(slug: "what-is-ablation") { ...All } }
      fragment All on Answer { citations { number } citations { quote } }"""
    assert (await both_ways.run(text)).agree
    assert memory.bytes == taken
    await both_ways.run(OTHERWISE)
    assert memory.bytes > taken


async def test_without_memory_they_are_made_each_time(both_ways: BothWays) -> None:
    both_ways.services.database.published.memory = BoundedMemory(0)
    for text in (WHOLE, WHOLE):
        both = await both_ways.run(text)
        assert both.compiled is not None, both.reason
        assert both.agree


def test_a_written_list_is_a_list_and_is_written_as_one() -> None:
    written = WrittenList([{"a": 1}, {"a": None}])
    assert written == [{"a": 1}, {"a": None}]
    assert encode({"x": written}) == b'{"x":[{"a":1},{"a":null}]}'
