"""The four queries, as each contender has to be asked for the same JSON.

A peer's text differs only in names: its own, with ours as aliases. What a query varies in
stands in variables, so that everybody may keep what it made of the text.
"""

from dataclasses import dataclass

_ANSWER = """
slug title summary author reviewed revision readingGrade doctorQuestions nextSteps
"""
_SECTION = "kind heading markdown"
_SOURCE = "title publisher url version licence"
_CITATION = "number quote start end locator"
_CARD = "slug title summary"


@dataclass(frozen=True, slots=True)
class Query:
    """One of the four: its texts, and what it is."""

    name: str
    what: str
    ours: str
    postgraphile: str
    simple: str
    """For servers that are written for these queries: our fields, and an offset for a cursor."""


QUERIES = (
    Query(
        "Q1",
        "one answer with all sections and citations",
        ours=f"""query Q1($slug: String!) {{ answer(slug: $slug) {{ {_ANSWER}
            sections {{ {_SECTION} }}
            citations {{ {_CITATION} source {{ {_SOURCE} }} }} }} }}""",
        postgraphile=f"""query Q1($slug: String!) {{ answer: answerBySlug(slug: $slug) {{ {_ANSWER}
            sections: sectionsByAnswerIdList {{ {_SECTION} }}
            citations: citationsByAnswerIdList {{
                {_CITATION} source: sourceBySourceId {{ {_SOURCE} }} }} }} }}""",
        simple=f"""query Q1($slug: String!) {{ answer(slug: $slug) {{ {_ANSWER}
            sections {{ {_SECTION} }}
            citations {{ {_CITATION} source {{ {_SOURCE} }} }} }} }}""",
    ),
    Query(
        "Q2",
        "a cancer's first 20 questions with answer cards",
        ours=f"""query Q2($slug: String!) {{ cancer(slug: $slug) {{ slug name
            questions(first: 20, answered: true) {{
                nodes {{ slug text answer {{ {_CARD} }} }} pageInfo {{ hasNextPage }} }} }} }}""",
        postgraphile=f"""query Q2($slug: String!) {{ cancer: cancerBySlug(slug: $slug) {{ slug name
            questions: questionsByCancerId(first: 20, orderBy: [ANSWERED_AT_DESC, ROW_ID_DESC]) {{
                nodes {{ slug text answer: answerByQuestionId {{ {_CARD} }} }}
                pageInfo {{ hasNextPage }} }} }} }}""",
        simple=f"""query Q2($slug: String!) {{ cancer(slug: $slug) {{ slug name
            questions(first: 20) {{
                nodes {{ slug text answer {{ {_CARD} }} }} pageInfo {{ hasNextPage }} }} }} }}""",
    ),
    Query(
        "Q3",
        "10 cancers x 5 questions x answer x citations",
        ours=f"""query Q3($after: String) {{ cancers(first: 10, after: $after) {{ nodes {{ slug name
            questions(first: 5, answered: true) {{ nodes {{ slug text answer {{ {_CARD}
                citations {{ {_CITATION} source {{ {_SOURCE} }} }} }} }} }} }} }} }}""",
        postgraphile=f"""query Q3($offset: Int!) {{
            cancers: allCancers(first: 10, offset: $offset, orderBy: [NAME_ASC, ROW_ID_ASC]) {{
            nodes {{ slug name
            questions: questionsByCancerId(first: 5, orderBy: [ANSWERED_AT_DESC, ROW_ID_DESC]) {{
                nodes {{ slug text answer: answerByQuestionId {{ {_CARD}
                    citations: citationsByAnswerIdList {{ {_CITATION}
                        source: sourceBySourceId {{ {_SOURCE} }} }} }} }} }} }} }} }}""",
        simple=f"""query Q3($offset: Int!) {{ cancers(first: 10, offset: $offset) {{
            nodes {{ slug name questions(first: 5) {{ nodes {{ slug text answer {{ {_CARD}
                citations {{ {_CITATION} source {{ {_SOURCE} }} }} }} }} }} }} }} }}""",
    ),
    Query(
        "Q4",
        "full-text search, first 10",
        ours=f"""query Q4($text: String!) {{ searchQuestions(text: $text, first: 10) {{
            nodes {{ slug text answer {{ {_CARD} }} }} pageInfo {{ hasNextPage }} }} }}""",
        postgraphile=f"""query Q4($text: String!) {{ searchQuestions(text: $text, first: 10) {{
            nodes {{ slug text answer: answerByQuestionId {{ {_CARD} }} }}
            pageInfo {{ hasNextPage }} }} }}""",
        simple=f"""query Q4($text: String!) {{ searchQuestions(text: $text, first: 10) {{
            nodes {{ slug text answer {{ {_CARD} }} }} pageInfo {{ hasNextPage }} }} }}""",
    ),
)
