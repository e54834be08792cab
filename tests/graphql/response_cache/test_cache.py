"""What is kept, for how long, and in how much memory."""

import gc
import secrets
import tracemalloc

from navis_api.graphql.response_cache.cache import KeptResponse, Reply, ResponseCache

ANSWER = ("answer:1", "published")


def cache_of(max_bytes: int = 1_000_000) -> ResponseCache:
    cache = ResponseCache(max_bytes)
    cache.usable = lambda: True
    return cache


def key(name: str) -> bytes:
    return name.encode()


def keep(
    cache: ResponseCache, name: str, *tags: str, body: bytes = b'{"data":{}}'
) -> KeptResponse | None:
    began = cache.begin()
    assert began is not None
    return cache.keep(key(name), body, tags, requested=1, actual=1, began=began)


def reply_of(kept: KeptResponse | None) -> Reply:
    assert kept is not None
    headers = [(b"content-type", b"application/json")] * 10
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    return Reply(kept, start, {"type": "http.response.body", "body": kept.body}, None)


def test_what_is_kept_is_found_until_something_it_rests_on_changes() -> None:
    cache = cache_of()
    kept = keep(cache, "a", "answer:1", "question:1")
    other = keep(cache, "b", "answer:2")
    assert cache.find(key("a")) is kept
    cache.forget(("answer:3",))
    assert cache.find(key("a")) is kept
    cache.forget(("question:1",))
    assert cache.find(key("a")) is None
    assert cache.find(key("b")) is other


def test_nothing_is_left_of_what_is_forgotten() -> None:
    cache = cache_of()
    for number in range(20):
        kept = keep(cache, str(number), f"answer:{number}", "published")
        cache.remember(key(f"request {number}"), reply_of(kept))
    for number in range(10):
        cache.forget((f"answer:{number}",))
    assert len(cache) == 10
    assert cache.reply_to(key("request 3")) is None
    assert cache.reply_to(key("request 13")) is not None
    cache.forget(("published",))
    assert len(cache) == 0
    assert cache.bytes == 0
    assert not cache._replies
    assert not cache._by_tag


def test_what_was_read_before_something_was_forgotten_is_not_kept_after_it() -> None:
    cache = cache_of()
    began = cache.begin()
    assert began is not None
    cache.forget(("answer:9",))
    assert cache.keep(key("a"), b"{}", ANSWER, requested=1, actual=1, began=began) is None
    began = cache.begin()
    assert began is not None
    cache.forget_all()
    assert cache.keep(key("a"), b"{}", ANSWER, requested=1, actual=1, began=began) is None
    assert len(cache) == 0


def test_a_request_is_not_remembered_for_what_was_forgotten_meanwhile() -> None:
    cache = cache_of()
    kept = keep(cache, "a", "answer:1")
    cache.forget(("answer:1",))
    cache.remember(key("request"), reply_of(kept))
    assert cache.reply_to(key("request")) is None
    # Nor for one that was kept anew since: the reply is of the old one.
    keep(cache, "a", "answer:1")
    cache.remember(key("request"), reply_of(kept))
    assert cache.reply_to(key("request")) is None


def test_without_a_lease_nothing_is_found_and_nothing_kept() -> None:
    cache = cache_of()
    kept = keep(cache, "a", "answer:1")
    cache.remember(key("request"), reply_of(kept))
    began = cache.begin()
    assert began is not None
    cache.usable = lambda: False
    assert cache.find(key("a")) is None
    assert cache.reply_to(key("request")) is None
    assert cache.begin() is None
    assert cache.keep(key("b"), b"{}", ANSWER, requested=1, actual=1, began=began) is None


def test_a_cache_of_no_size_keeps_nothing() -> None:
    assert cache_of(0).begin() is None
    assert ResponseCache(1_000_000).begin() is None, "nobody said that it may be used"


def test_what_was_used_longest_ago_gives_way() -> None:
    cache = cache_of(60_000)
    body = b"x" * 1_400
    names = [str(number) for number in range(30)]
    keep(cache, "used", "answer:1", body=body)
    for name in names:
        keep(cache, name, "answer:1", body=body)
        assert cache.find(key("used")) is not None
        assert cache.bytes <= 60_000
    assert cache.find(key("0")) is None
    assert cache.find(key("29")) is not None


def test_a_response_that_would_push_out_many_is_not_kept() -> None:
    cache = cache_of(48_000)
    assert keep(cache, "large", "answer:1", body=b"x" * 3_000) is None
    assert keep(cache, "many tags", *(f"answer:{number}" for number in range(100))) is None
    assert keep(cache, "small", "answer:1", body=b"x" * 1_000) is not None


def test_requests_that_differ_in_nothing_but_spaces_are_remembered_so_many_at_a_time() -> None:
    cache = cache_of()
    kept = keep(cache, "a", "answer:1")
    for number in range(1_000):
        cache.remember(key(f"request {number}"), reply_of(kept))
    assert len(cache._replies) == 16
    assert cache.reply_to(key("request 999")) is not None
    assert cache.reply_to(key("request 0")) is None


def test_a_flood_of_different_responses_stays_within_its_memory() -> None:
    cache = cache_of(2_000_000)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(20_000):
        began = cache.begin()
        assert began is not None
        kept = cache.keep(
            secrets.token_bytes(16),
            secrets.token_bytes(300),
            [f"answer:{secrets.token_hex(16)}" for _ in range(3)],
            requested=1,
            actual=1,
            began=began,
        )
        assert kept is not None
        headers = [(secrets.token_bytes(20), secrets.token_bytes(30)) for _ in range(10)]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        body = {"type": "http.response.body", "body": kept.body}
        cache.remember(secrets.token_bytes(16), Reply(kept, start, body, None))
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(cache) > 100
    assert used < 2_000_000
