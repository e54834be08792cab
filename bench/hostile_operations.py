"""Bodies that are refused, each built to make the refusal as dear as it can be."""

import json
from collections.abc import Iterable

_MOST = 1_040_000
"""Bytes: a little less than the longest body."""


def _body(query: str, variables: object = None) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


def _many(part: str, count: int) -> str:
    """Return a part so many times, `#` replaced by its number."""
    return " ".join(part.replace("#", str(number)) for number in range(count))


def _cancer(below: str, *, before: str = "", after: str = "") -> str:
    return f'{before} {{ cancer(slug: "x") {{ {below} }} }} {after}'


def _bomb(levels: int) -> str:
    fragments = " ".join(
        f"fragment F{n} on Cancer {{ a: parent {{ ...F{n + 1} }} b: parent {{ ...F{n + 1} }} }}"
        for n in range(levels)
    )
    return _cancer("...F0", after=f"{fragments} fragment F{levels} on Cancer {{ id }}")


def _variables(values: Iterable[bytes]) -> bytes:
    return b'{"query": "{ viewer { kind } }", "variables": {"a": [' + b",".join(values) + b"]}}"


def operations() -> dict[str, bytes]:
    """Return bodies by what they are."""
    unused = "query ($u: Int)"
    documents = {
        "fragment bomb": _bomb(24),
        "circle of fragments": "{ ...A0 } "
        + " ".join(f"fragment A{n} on Query {{ ...A{(n + 1) % 59} }}" for n in range(59)),
        "unused fragments": "{ viewer { kind } } " + _many("fragment F# on Viewer { kind }", 59),
        "unknown fragments": "{ viewer { " + _many("...X#", 290) + " } }",
        "alias flood": "{ " + _many("a#: viewer { kind }", 155) + " }",
        "directive flood": "{ viewer { kind " + _many("@d#", 290) + " } }",
        "unknown directives": "{ viewer { kind " + _many("@d#", 50) + " } }",
        "repeated field": "{ viewer { " + "kind " * 590 + "} }",
        "unknown fields": "{ viewer { " + _many("k#", 590) + " } }",
        "unknown arguments": "{ viewer { kind(" + _many("a#: 1", 149) + ") } }",
        "unknown fields of an input": "mutation { askQuestion(input: {"
        + _many("a#: 1", 148)
        + "}) { outcome } }",
        "nested input": "mutation { askQuestion(input: "
        + "{text: " * 140
        + "1"
        + "}" * 140
        + ") { outcome } }",
        "list of wrong values": "{ nodes(ids: [" + "1.5 " * 148 + "]) { id } }",
        "nested list": "{ nodes(ids: " + "[" * 140 + "]" * 140 + ") { id } }",
        "variables that nobody uses": "query (" + _many("$a#: Int", 149) + ") { viewer { kind } }",
        "variables that nobody defined": "{ viewer { kind(" + _many("a#: $a#", 149) + ") } }",
        "many operations": _many("query Q# { viewer { kind } }", 60),
        "deep nesting": "{ a" * 190 + " }" * 190,
        "nested fragments": "{ " + "... on Query { " * 150 + "viewer { kind }" + " }" * 151,
        "cycle through connections": "{ questions(first: 100) { nodes { related(first: 100) { "
        + "related(first: 100) { " * 6
        + "id"
        + " }" * 6
        + " } } } }",
        "introspection in circles": "{ __schema { types { "
        + "fields { type { " * 9
        + "name"
        + " } }" * 9
        + " } } }",
        "definitions of types": "type A { a: Int } " * 59,
        "long comment": "{ viewer { nothing } } #" + "x" * 11_900,
        "long name": "{ viewer { " + "k" * 11_900 + " } }",
        "long text": '{ searchQuestions(text: "' + "x" * 11_900 + '") { nothing } }',
        "long block of text": '{ searchQuestions(text: """' + "x\n" * 5_900 + '""") { nothing } }',
        "long text of escapes": '{ searchQuestions(text: "'
        + "\\u0041" * 1_980
        + '") { nothing } }',
        "text without end": '{ searchQuestions(text: "' + "x" * 11_900,
        "longer than allowed": "{ viewer { kind } } #" + "x" * 900_000,
        "two fields that can't be merged": _cancer("id id: name"),
        # Right in everything but the last thing that is looked at.
        "fields that have to be compared": _cancer(
            " ".join(["parent { id }"] * 27) + " parent { id: name }"
        ),
        "fragments, a variable unused": _cancer(
            _many("...F#", 30),
            before=unused,
            after=_many("fragment F# on Cancer { id name parent { id } }", 30),
        ),
        "a large screen, a variable unused": unused
        + " { "
        + _many('a#: cancer(slug: "x") { id name slug summary bodySite aliases }', 20)
        + " }",
        "a large screen, its last field unknown": "{ "
        + _many('a#: cancer(slug: "x") { id name slug summary bodySite aliases }', 20)
        + " nothing }",
        "a large screen, a variable of a wrong type": "query ($u: Boolean) { "
        + _many('a#: cancer(slug: "x") { id name slug summary bodySite aliases }', 20)
        + " questions(first: $u) { nodes { id } } }",
        "many variables, one unused": "query ($u: Int, "
        + _many("$a#: Int", 20)
        + ") { "
        + _many("a#: questions(first: $a#) { nodes { id } }", 20)
        + " }",
    }
    return {name: _body(query) for name, query in documents.items()} | {
        "JSON: empty lists": _variables([b"[]"] * (_MOST // 3)),
        "JSON: numbers": _variables([b"1"] * (_MOST // 2)),
        "JSON: long numbers": _variables([b"9" * 4_200] * 240),
        "JSON: objects": _variables([b'{"a":1}'] * (_MOST // 8)),
        "JSON: deep": b'{"variables": ' + b"[" * _MOST,
        "JSON: a list of operations": b"[" + b",".join([_body("{ a }")] * 30_000) + b"]",
        "JSON: as many as allowed": _variables([b"[]"] * 2_900),
        "JSON: not UTF-8": b" " * _MOST + b"\xff",
        "JSON: a text with half a surrogate": _variables([b'"' + b"x" * _MOST + b'\\ud800"']),
    }
