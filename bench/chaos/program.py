"""A storm over a whole installation, and what has to hold whatever comes.

`python -m bench chaos --minutes 5 --seed 7`. Clients ask, follow, upload, confirm, decide and
read, while processes are killed, the database's link is cut, silenced and slowed, disks fill
up, Postgres restarts, and everything is replaced one by one. Each client writes down what it
was told is done. Ends with exit code 1 when anything of that isn't so.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path

from bench.chaos.calls import GaveUp
from bench.chaos.checks import check_at_the_end, check_in_between, looking
from bench.chaos.clients import People
from bench.chaos.events import EVENTS
from bench.chaos.ledger import Ledger
from bench.chaos.world import World, world

_ASKERS = 4
_PATIENTS = 2
_REVIEWERS = 2
_READERS = 1
_MOST_QUIET_S = 6.0
_REVIEWER = (
    "INSERT INTO staff (id, subject, role, name, credentials, all_cancers)"
    " VALUES (gen_random_uuid(), $1, 'REVIEWER', 'Lea Ahmed', 'Oncologist', true)"
)
_SHORT = ("cut the database", "kill an API process", "kill Postgres")


def main(options: Sequence[str] = ()) -> None:
    """Run the storm, and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m bench chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long events go on")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument(
        "--event",
        action="append",
        choices=[*EVENTS],
        help="only these, once each and in this order; may be repeated",
    )
    parser.add_argument("--short", action="store_true", help=f"these alone: {', '.join(_SHORT)}")
    given = parser.parse_args(options)
    chosen: list[str] | None = [*_SHORT] if given.short else given.event
    folder = Path(tempfile.mkdtemp(prefix="navis-chaos-"))
    ledger = asyncio.run(_storm(folder, given.seed, given.minutes, chosen))
    report(ledger)
    if ledger.violations:
        (folder / "events.log").write_text("\n".join(ledger.lines) + "\n")
        sys.exit(f"Promises were broken. The seed is {given.seed}; logs are in {folder}")
    shutil.rmtree(folder)


async def _storm(folder: Path, seed: int, minutes: float, chosen: list[str] | None) -> Ledger:
    ledger = Ledger()
    ledger.say(f"seed {seed}")
    async with world(folder) as made:
        ledger.say(f"everything runs; logs are in {folder}")
        people = People(made.site, ledger, random.Random(seed + 1))
        working = await _everybody(people, made)
        try:
            await _weather(made, ledger, random.Random(seed), minutes, chosen)
        finally:
            people.over.set()
            ended = await asyncio.gather(*working, return_exceptions=True)
        for failure in ended:
            if isinstance(failure, BaseException) and not isinstance(failure, GaveUp):
                raise failure
        ledger.say("nobody does anything more")
        await check_at_the_end(made, ledger)
    return ledger


async def _everybody(people: People, made: World) -> list[asyncio.Task[None]]:
    made.command("partners", "create", "Chaos")
    key = made.command("partners", "key", "Chaos", "--kind", "secret").splitlines()[-1]
    doing = [people.asking(chr(ord("a") + number)) for number in range(_ASKERS)]
    doing += [people.being_patient(made.token("patient", f"chaos-{n}")) for n in range(_PATIENTS)]
    doing += await reviewers(people, made)
    doing += [people.reading(key) for _ in range(_READERS)]
    return [asyncio.create_task(each) for each in doing]


async def reviewers(people: People, made: World) -> list[Coroutine[None, None, None]]:
    """Return what reviewers do, who are put on the staff."""
    doing: list[Coroutine[None, None, None]] = []
    for name in [f"chaos-reviewer-{number}" for number in range(_REVIEWERS)]:
        async with looking(made) as rows:
            await rows.run(_REVIEWER, name)
        doing.append(people.reviewing(name, made.token("reviewer", name)))
    return doing


async def _weather(
    made: World, ledger: Ledger, dice: random.Random, minutes: float, chosen: list[str] | None
) -> None:
    until = time.monotonic() + minutes * 60
    while True:
        names = chosen or dice.sample([*EVENTS], len(EVENTS))
        for name in names:
            await asyncio.sleep(dice.uniform(1.0, _MOST_QUIET_S))
            ledger.say(f"{name} …")
            await EVENTS[name](made, ledger, dice)
            await made.recovered(ledger)
            await check_in_between(made, ledger)
            if not chosen and time.monotonic() > until:
                return
        if chosen:
            return


def report(ledger: Ledger) -> None:
    """Print what was done, and every promise that was broken."""
    heard = sum(len(each.events) for each in ledger.asked)
    print(f"\nquestions asked       {len(ledger.asked)}")
    print(f"events of answers     {heard}, resumed {sum(e.resumed for e in ledger.asked)} times")
    print(f"personal questions    {len(ledger.personal)}")
    print(f"records uploaded      {len(ledger.uploaded)}")
    print(f"findings confirmed    {sum(len(each.findings) for each in ledger.uploaded)}")
    print(f"decisions of reviews  {len(ledger.decided)}")
    print(f"reads of partners     {ledger.reads}")
    print(f"slowest response      {ledger.slowest_s:.1f} s")
    print(f"failures, tried again {dict(ledger.failures)}")
    print(f"promises broken       {ledger.violations.total()}")
    for promise, times in ledger.violations.most_common():
        print(f"{times:6} × {promise}")
