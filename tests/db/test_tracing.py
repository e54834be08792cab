"""How statements are named in traces: by what is ours, and by nothing that somebody wrote."""

import pytest

from navis_api.db.published import Published
from navis_api.db.sessions import serving_database
from navis_api.db.tracing import described
from navis_api.settings import Settings
from navis_api.tracing import Attribute


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("SELECT questions.id FROM questions WHERE questions.id = $1", "SELECT questions"),
        ("INSERT INTO questions (id) VALUES ($1)", "INSERT questions"),
        ("UPDATE generations SET status=$1", "UPDATE generations"),
        ("DELETE FROM questions", "DELETE questions"),
        ("SELECT slug FROM published_answers", "SELECT published_answers"),
        (
            "WITH t AS (SELECT * FROM unnest($1)) INSERT INTO pgqueuer (id) SELECT id FROM t",
            "INSERT pgqueuer",
        ),
        ("WITH t AS (SELECT * FROM questions) SELECT * FROM t", "SELECT questions"),
        ("SELECT 'my tumour' FROM somewhere", "SELECT other"),
        ("tumour FROM my_liver", "other other"),
        ("", "other other"),
    ],
)
def test_a_statement_is_named_by_its_verb_and_its_table(statement: str, name: str) -> None:
    found, attributes = described(statement)
    assert found == name
    assert set(attributes) == {Attribute.DATABASE, Attribute.VERB, Attribute.TABLE}
    assert "tumour" not in str(attributes)


def test_who_writes_no_traces_pays_for_none(database_url: str) -> None:
    database = serving_database(Settings(), database_url)
    assert type(database.published) is Published
    assert not database.engine.sync_engine.dispatch.before_cursor_execute
