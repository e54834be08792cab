"""What is kept in memory: the newest and the most asked for, and never too much of it."""

from navis_api.kit.bounded import BoundedMemory


def test_what_was_not_asked_for_longest_gives_way() -> None:
    memory = BoundedMemory[str, str](10)
    memory.keep("a", "A", 5)
    memory.keep("b", "B", 5)
    assert memory.find("a") == "A"
    memory.keep("c", "C", 5)
    assert [memory.find(key) for key in "abc"] == ["A", None, "C"]
    assert memory.bytes == 10


def test_a_value_that_grows_takes_the_room_of_others() -> None:
    memory = BoundedMemory[str, str](10)
    memory.keep("a", "A", 4)
    memory.keep("b", "B", 4)
    memory.grow("b", 3)
    assert (memory.find("a"), memory.find("b"), memory.bytes) == (None, "B", 7)
    memory.grow("gone", 100)
    assert (len(memory), memory.bytes) == (1, 7)
    memory.grow("b", 4)
    assert (len(memory), memory.bytes) == (0, 0)


def test_a_value_takes_the_place_of_the_one_before() -> None:
    memory = BoundedMemory[str, str](10)
    memory.keep("a", "A", 8)
    memory.keep("a", "B", 6)
    assert (memory.find("a"), memory.bytes) == ("B", 6)


def test_without_room_nothing_is_kept() -> None:
    memory = BoundedMemory[str, str](0)
    memory.keep("a", "A", 1)
    assert memory.find("a") is None
    assert memory.bytes == 0
