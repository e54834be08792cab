"""`navis-api review`, as reviewers and editors type it."""

import json
import os
import pty
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from uuid import UUID

import pytest
from sqlalchemy import text

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.relay import global_id
from navis_api.identity.tokens import development_key, issue_development_token
from navis_api.kit.clock import utc_now
from navis_api.review.edits import AddClaim, ChangeClaim, Edits, Quote
from tests.cli.typing_commands import typed
from tests.flows.processes import environment
from tests.forking.processes import ForkedProcess
from tests.review.world import (
    ABLATION,
    ADMINISTRATOR,
    BREAST_REVIEWER,
    COMES_BACK,
    EDITOR,
    FORMER_REVIEWER,
    LIVER_REVIEWER,
    OTHER_LIVER_REVIEWER,
    SOURCE_TEXT,
    SURGERY,
    Given,
    World,
    build_world,
)

# Commands look at the real clock, and all that they are shown came before.
BEFORE = datetime(2020, 3, 1, 9, 0, tzinfo=UTC)

_KINDS = {
    LIVER_REVIEWER: "reviewer",
    OTHER_LIVER_REVIEWER: "reviewer",
    BREAST_REVIEWER: "reviewer",
    FORMER_REVIEWER: "reviewer",
    EDITOR: "editor",
    ADMINISTRATOR: "admin",
    "a patient": "patient",
}


class Staff:
    """Types commands as somebody."""

    def __init__(self, data_dir: Path, address: str) -> None:
        self.data_dir = data_dir
        self.env = environment(data_dir, NAVIS_DATABASE_URL=address)

    def token(self, subject: str, *, lifetime: timedelta = timedelta(hours=1)) -> str:
        return issue_development_token(
            development_key(self.data_dir),
            role=_KINDS[subject],
            subject=subject,
            now=utc_now(),
            lifetime=lifetime,
        )

    def types(self, subject: str, *arguments: str) -> CompletedProcess[str]:
        return typed(["review", *arguments], self.env | {"NAVIS_TOKEN": self.token(subject)})

    def answers(self, subject: str, answer: str, *arguments: str) -> tuple[int, str]:
        """Type a command at a real terminal, and answer what it asks."""
        ours, theirs = pty.openpty()
        process = ForkedProcess(
            ["navis_api", "review", *arguments],
            env=self.env | {"NAVIS_TOKEN": self.token(subject), "TERM": "dumb"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        shown = b""
        while True:
            try:
                piece = os.read(ours, 10_000)
            # The other end of a pseudo-terminal is closed so.
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
        return process.wait(60), shown.decode()


@pytest.fixture
async def world(database: Database) -> World:
    return await build_world(database)


@pytest.fixture
def staff(tmp_path: Path, database_url: str, world: World) -> Staff:
    return Staff(tmp_path / "data", database_url)


def short(given: Given) -> str:
    return str(given.answer_id)[-8:]


def read_as(given: Given) -> list[str]:
    return [short(given), "--revision", str(given.number), "--version", str(given.version)]


async def state(world: World, given: Given) -> AnswerState:
    return (await world.revision(given)).state


async def actions(world: World) -> list[tuple[str, str | None, str | None]]:
    """The audit record's newest rows: what, by whom, from where."""
    async with world.database.reading(SYSTEM_ROWS) as session:
        rows = await session.execute(
            text("SELECT action, actor, origin FROM audit_events ORDER BY sequence")
        )
        return [(row[0], row[1], row[2]) for row in rows]


async def test_the_list_is_by_urgency_and_age_and_can_be_narrowed(
    staff: Staff, world: World
) -> None:
    ordinary = await world.given(now=BEFORE)
    urgent = await world.given(priority=2, now=BEFORE + timedelta(days=1))
    breast = await world.given(cancer="breast-cancer", now=BEFORE + timedelta(days=2))
    stale = await world.given(AnswerState.STALE, now=BEFORE)

    whole = staff.types(LIVER_REVIEWER, "list")
    narrowed = staff.types(LIVER_REVIEWER, "list", "--cancer", "breast-cancer", "--json")
    by_state = staff.types(LIVER_REVIEWER, "list", "--state", "stale", "--json")
    few = staff.types(LIVER_REVIEWER, "list", "--most", "1")
    none = staff.types(LIVER_REVIEWER, "list", "--cancer", "no-such-cancer")

    assert whole.returncode == 0, whole.stderr
    assert [line.split(" · ")[0] for line in whole.stdout.splitlines()] == [
        short(urgent),
        short(stale),
        short(ordinary),
        short(breast),
    ]
    assert "URGENT · IN_REVIEW · since 2020-03-02 09:00 UTC · Liver cancer" in whole.stdout
    (found,) = map(json.loads, narrowed.stdout.splitlines())
    assert found["id"] == global_id("Answer", breast.answer_id)
    assert (found["cancer"], found["version"]) == ("breast-cancer", breast.version)
    (found,) = map(json.loads, by_state.stdout.splitlines())
    assert found["id"] == global_id("Answer", stale.answer_id)
    assert few.stdout.splitlines()[1] == "… and 3 more"
    assert (none.returncode, none.stdout) == (2, "")
    assert "no such cancer" in none.stderr


async def test_a_revision_is_shown_with_each_claim_beside_its_quote(
    staff: Staff, world: World
) -> None:
    first = await world.given(now=BEFORE)
    commented = staff.types(
        OTHER_LIVER_REVIEWER, "comment", short(first), "How small?", "--claim", "1.1"
    )
    assert commented.returncode == 0, commented.stderr
    await world.source_becomes(SOURCE_TEXT.replace(SURGERY, "Surgery is rare."))

    shown = staff.types(LIVER_REVIEWER, "show", short(first))
    as_json = staff.types(LIVER_REVIEWER, "show", global_id("Answer", first.answer_id), "--json")

    assert shown.returncode == 0, shown.stderr
    page = " ".join(shown.stdout.split())
    assert f"1.1 {ABLATION} “{ABLATION}” [1] Liver cancer treatment. A public institute." in page
    assert "https://example.org/liver" in page
    assert "Ida Berg: How small?" in page
    assert page.index("How small?") < page.index("1.2 ")
    assert "the words that this claim quotes no longer stand there" in page
    assert f"To decide on it: {short(first)} --revision 1 --version {first.version}" in page
    found = json.loads(as_json.stdout)
    ablation, surgery = found["sections"][0]["claims"]
    assert ablation["citations"][0]["quote"] == ABLATION
    assert ablation["comments"][0]["text"] == "How small?"
    assert (ablation["lost"], len(surgery["lost"])) == ([], 1)
    assert ("answer.read", LIVER_REVIEWER, "navis-api") in await actions(world)


async def test_the_difference_to_the_revision_before_is_shown_in_signs(
    staff: Staff, world: World
) -> None:
    first = await world.given(now=BEFORE)
    quote = Quote(world.source.version_id, COMES_BACK)
    await world.revise(
        first,
        Edits(claims=(AddClaim(0, 1, COMES_BACK, (quote,)),), title="Liver cancer, treated"),
        now=BEFORE,
    )
    shown = staff.types(LIVER_REVIEWER, "show", short(first), "--difference")
    page = " ".join(shown.stdout.split())
    assert "What differs from revision 1" in page
    assert re.search(r"Title: \S*(\{\+|\[-).*treated\+\}", page)
    assert f"1.3: {{+{COMES_BACK}+}}" in page
    assert f"+ “{COMES_BACK}” (Liver cancer treatment)" in page
    older = staff.types(
        LIVER_REVIEWER, "show", short(first), "--revision", "1", "--difference", "--json"
    )
    found = json.loads(older.stdout)
    assert (found["revision"], found["difference"]) == (1, None)


async def test_an_answer_goes_from_claim_to_retraction_in_the_terminal(
    staff: Staff, world: World
) -> None:
    given = await world.given(now=BEFORE)

    claimed = staff.types(LIVER_REVIEWER, "claim", short(given))
    taken = staff.types(OTHER_LIVER_REVIEWER, "claim", short(given))
    mine = staff.types(LIVER_REVIEWER, "list", "--mine")
    not_mine = staff.types(OTHER_LIVER_REVIEWER, "list", "--mine")
    released = staff.types(LIVER_REVIEWER, "release", short(given))
    approved = staff.types(LIVER_REVIEWER, "approve", *read_as(given))
    given = await world.reread(given)
    published = staff.types(EDITOR, "publish", *read_as(given))
    given = await world.reread(given)
    slug = (await world.question_of(given)).slug
    assert slug
    named = staff.types(EDITOR, "show", slug, "--json")
    retracted = staff.types(
        EDITOR, "retract", slug, *read_as(given)[1:], "--reason", "A trial was withdrawn."
    )

    assert "is yours until 20" in claimed.stdout
    assert taken.returncode == 2
    assert "Lea Ahmed is at this revision" in taken.stderr
    assert "Lea Ahmed is at it until" in mine.stdout
    assert not_mine.stdout == "Nothing waits.\n"
    assert released.stdout == "Revision 1 is free.\n"
    assert "is APPROVED" in approved.stdout, approved.stderr
    assert "is PUBLISHED" in published.stdout, published.stderr
    assert json.loads(named.stdout)["state"] == "PUBLISHED"
    assert "is RETRACTED" in retracted.stdout, retracted.stderr
    revision = await world.revision(given)
    assert revision.state is AnswerState.RETRACTED
    assert revision.state_reason == "A trial was withdrawn."
    assert revision.approved_by == "Lea Ahmed"
    assert [each for each in await actions(world) if each[0].startswith("answer.")] == [
        ("answer.approve", LIVER_REVIEWER, "navis-api"),
        ("answer.publish", EDITOR, "navis-api"),
        ("answer.read", EDITOR, "navis-api"),
        ("answer.retract", EDITOR, "navis-api"),
    ]


async def test_a_revision_is_sent_back_or_rejected_with_a_comment(
    staff: Staff, world: World
) -> None:
    back, out = await world.given(now=BEFORE), await world.given(now=BEFORE)
    asked = staff.types(
        LIVER_REVIEWER, "request-changes", *read_as(back), "--comment", "Say how small."
    )
    rejected = staff.types(LIVER_REVIEWER, "reject", *read_as(out), "--comment", "Off the mark.")
    silent = staff.types(LIVER_REVIEWER, "reject", *read_as(await world.reread(back)),
                         "--comment", " ")  # fmt: skip
    shown = staff.types(LIVER_REVIEWER, "show", short(back))
    assert "is CHANGES_REQUESTED" in asked.stdout, asked.stderr
    assert "is REJECTED" in rejected.stdout, rejected.stderr
    assert silent.returncode == 2
    assert "Say in a comment" in silent.stderr
    assert "Lea Ahmed, request changes: Say how small." in " ".join(shown.stdout.split())


async def test_a_publication_can_be_scheduled_and_a_time_that_is_over_cannot(
    staff: Staff, world: World
) -> None:
    given = await world.given(AnswerState.APPROVED, now=BEFORE)
    over = staff.types(EDITOR, "publish", *read_as(given), "--at", "2021-01-01T00:00")
    wrong = staff.types(EDITOR, "publish", *read_as(given), "--at", "tomorrow")
    assert (over.returncode, wrong.returncode) == (2, 2)
    assert (await world.revision(given)).lock_version == given.version

    day = utc_now().date() + timedelta(days=30)
    done = staff.types(EDITOR, "publish", *read_as(given), "--at", f"{day}T09:00+01:00")
    assert f"is APPROVED, to be published on {day} 08:00 UTC" in done.stdout, done.stderr
    assert (await world.revision(given)).publish_at == datetime(
        day.year, day.month, day.day, 8, tzinfo=UTC
    )


async def test_what_changed_since_it_was_read_is_not_decided_on(staff: Staff, world: World) -> None:
    given = await world.given(now=BEFORE)
    read = read_as(given)
    staff.types(OTHER_LIVER_REVIEWER, "approve", *read)
    late = staff.types(LIVER_REVIEWER, "reject", *read, "--comment", "It is wrong.")
    assert late.returncode == 2
    assert "Ida Berg made it APPROVED" in late.stderr
    assert await state(world, given) is AnswerState.APPROVED


async def test_a_script_must_say_what_was_read(staff: Staff, world: World) -> None:
    given = await world.given(now=BEFORE)
    unread = staff.types(LIVER_REVIEWER, "approve", short(given))
    half = staff.types(LIVER_REVIEWER, "approve", short(given), "--version", str(given.version))
    assert (unread.returncode, half.returncode) == (2, 2)
    assert "--revision and --version" in unread.stderr
    assert await state(world, given) is AnswerState.IN_REVIEW


@pytest.mark.parametrize(
    ("answer", "after"), [("y", AnswerState.APPROVED), ("n", AnswerState.IN_REVIEW)]
)
async def test_at_a_terminal_it_is_shown_and_asked(
    staff: Staff, world: World, answer: str, after: AnswerState
) -> None:
    given = await world.given(now=BEFORE)
    code, shown = staff.answers(LIVER_REVIEWER, answer, "approve", short(given))
    assert code == 0, shown
    assert "1.1" in shown
    assert "Approve it? [y/N]" in shown
    assert await state(world, given) is after


async def test_nobody_decides_who_may_not(staff: Staff, world: World) -> None:
    given = await world.given(author="Lea Ahmed", author_subject=LIVER_REVIEWER, now=BEFORE)
    own = staff.types(LIVER_REVIEWER, "approve", *read_as(given))
    other = staff.types(BREAST_REVIEWER, "approve", *read_as(given))
    former = staff.types(FORMER_REVIEWER, "approve", *read_as(given))
    editor = staff.types(EDITOR, "approve", *read_as(given))
    patient = staff.types("a patient", "list")
    assert {each.returncode for each in (own, other, former, editor, patient)} == {2}
    assert "somebody else has to approve it" in own.stderr
    assert "You don't decide on answers on Liver cancer" in other.stderr
    assert "no longer" in former.stderr
    assert "reviewer" in editor.stderr
    assert "for reviewers, editors and administrators" in " ".join(patient.stderr.split())
    assert (await world.revision(given)).lock_version == given.version


async def test_the_token_comes_from_the_environment_or_a_file(
    staff: Staff, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "token"
    path.write_text(staff.token(LIVER_REVIEWER) + "\n")
    by_file = typed(["review", "counts", "--token-file", str(path)], staff.env)
    without = typed(["review", "counts"], staff.env)
    no_file = typed(["review", "counts", "--token-file", str(tmp_path / "none")], staff.env)
    token = staff.token(EDITOR, lifetime=timedelta(hours=-1))
    expired = typed(["review", "counts"], staff.env | {"NAVIS_TOKEN": token})
    forged = typed(["review", "counts"], staff.env | {"NAVIS_TOKEN": "a.b.c"})
    assert by_file.returncode == 0, by_file.stderr
    refused = (without, no_file, expired, forged)
    assert [each.returncode for each in refused] == [2, 2, 2, 2]
    assert "Traceback" not in "".join(each.stderr for each in refused)
    assert "NAVIS_TOKEN" in without.stderr
    assert "expired" in expired.stderr


async def test_an_answer_is_named_by_as_little_as_will_do(staff: Staff, world: World) -> None:
    one, two = await world.given(now=BEFORE), await world.given(now=BEFORE)
    # It is the time in steps of 50 days.
    begun = str(one.answer_id)[:4]
    ambiguous = staff.types(LIVER_REVIEWER, "show", begun)
    whole = staff.types(LIVER_REVIEWER, "show", str(two.answer_id).upper(), "--json")
    unknown = [
        staff.types(LIVER_REVIEWER, "show", named)
        for named in ("ffffffff", "%", "no-such-slug", "a'b", "\udcff")
    ]
    other_type = staff.types(LIVER_REVIEWER, "show", global_id("Answer", UUID(int=1)) + "x")
    assert "More than one" in ambiguous.stderr
    assert json.loads(whole.stdout)["id"] == global_id("Answer", two.answer_id)
    assert {each.returncode for each in (ambiguous, *unknown, other_type)} == {2}
    assert all("Traceback" not in each.stderr for each in (*unknown, other_type))


async def test_a_text_can_do_nothing_to_the_terminal(staff: Staff, world: World) -> None:
    given = await world.given(
        text="What is \x1b]0;owned\x07 this [bold]?", author="\x1b[31mred", now=BEFORE
    )
    for command in ("list", "show", "stuck"):
        named = [short(given)] if command == "show" else []
        for form in ([], ["--json"]):
            done = staff.types(LIVER_REVIEWER, command, *named, *form)
            assert done.returncode == 0, done.stderr
            assert "\x1b" not in done.stdout
            assert "\x07" not in done.stdout
            assert "u001b]0;owned" in done.stdout
    assert "[bold]" in staff.types(LIVER_REVIEWER, "show", short(given)).stdout


async def test_counts_and_what_is_stuck(staff: Staff, world: World) -> None:
    long_waiting = await world.given(now=BEFORE)
    await world.given(cancer=None, now=utc_now())
    counts = staff.types(EDITOR, "counts")
    as_json = staff.types(EDITOR, "counts", "--json")
    stuck = staff.types(EDITOR, "stuck")
    assert counts.stdout.splitlines()[0] == "2 in all"
    assert "     1 liver-cancer" in counts.stdout
    found = json.loads(as_json.stdout)
    assert found == {
        "total": 2,
        "byState": {"IN_REVIEW": 2},
        "byUrgency": {"ORDINARY": 2},
        "byCancer": {"liver-cancer": 1, "none": 1},
    }
    (line,) = stuck.stdout.splitlines()
    assert line.startswith(f"WAITING since 2020-03-01 09:00 UTC · {short(long_waiting)} · ")


async def test_of_two_that_could_be_meant_the_newest_that_waits_is(
    staff: Staff, world: World
) -> None:
    stale = await world.given(AnswerState.STALE, now=BEFORE)
    newer = await world.revise(
        stale, Edits(claims=(ChangeClaim(0, 0, text=ABLATION + " "),), title="Newer"), now=BEFORE
    )
    shown = staff.types(LIVER_REVIEWER, "show", short(stale), "--json")
    _, to_retract = staff.answers(EDITOR, "n", "retract", short(stale), "--reason", "Wrong.")
    assert json.loads(shown.stdout)["revision"] == newer.number
    assert "Revision 1, STALE" in to_retract


async def test_a_comment_names_its_claim(staff: Staff, world: World) -> None:
    given = await world.given(now=BEFORE)
    for place in ("0.1", "1", "1.1.1", "x", "9.9"):
        done = staff.types(LIVER_REVIEWER, "comment", short(given), "Hm.", "--claim", place)
        assert done.returncode == 2, place
        assert "Traceback" not in done.stderr
    unreadable = staff.types(LIVER_REVIEWER, "comment", short(given), "Hm\udcff")
    assert unreadable.returncode == 2
    assert "UTF-8" in unreadable.stderr
