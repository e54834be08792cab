"""One trace over four processes, and not one word of a patient in it."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from bench.servers import free_port
from tests.flows.otlp_receiver import otlp_receiver
from tests.flows.processes import Running, navis
from tests.flows.test_asking import ASK
from tests.flows.test_resuming import FOLLOWED
from tests.flows.test_rolling_restart import port_of
from tests.flows.uploads import site
from tests.waiting import PATIENCE_S

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
CANARY = "zebrafinch"
QUESTION = f"What surgery is there for liver cancer? Asks {CANARY}."


async def stop(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(running.process.wait, PATIENCE_S) == 0, running.output


async def test_one_trace_spans_http_graphql_sql_the_job_and_the_generation_server(
    tmp_path: Path, sample_database_url: str
) -> None:
    port = free_port()
    with otlp_receiver() as receiver:
        here = site(
            tmp_path,
            sample_database_url,
            NAVIS_OTLP_ENDPOINT=f"http://127.0.0.1:{receiver.port}",
            NAVIS_GENERATION_URL=f"http://127.0.0.1:{port}",
            NAVIS_GENERATION_PORT=str(port),
        )
        with (
            navis("serve", env=here.env) as server,
            navis("generation-server", env=here.env) as generating,
            navis("worker", env=here.env) as worker,
        ):
            address = f"http://127.0.0.1:{await asyncio.to_thread(port_of, server)}"
            await asyncio.to_thread(generating.wait_for, "generation_server.started")
            async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
                asked = await client.post(
                    f"{address}/graphql",
                    json={"query": ASK, "variables": {"text": QUESTION}},
                    headers={
                        "traceparent": f"00-{TRACE_ID}-{CALLER}-01",
                        "tracestate": f"vendor={CANARY}",
                        "baggage": f"name={CANARY}",
                        "apollographql-client-name": CANARY,
                        "X-Note": CANARY,
                    },
                )
                await client.get(f"{address}/{CANARY}")
                await client.get(f"{address}/answers/{CANARY}")
            generation_id = asked.json()["data"]["askQuestion"]["generation"]["id"]
            follow = FOLLOWED["WebSocket"](f"{address}/graphql", generation_id, 0)
            events = [each async for each in follow]
            await here.announce(b"%PDF-1.7", filename=f"{CANARY}.pdf")
            await here.ask(f'query {CANARY} {{ cancer(slug: "{CANARY}") {{ name }} }}')
            for each in (server, generating, worker):
                await stop(each)
        spans = receiver.spans()
        sent = b"".join(receiver.bodies)

    assert events[-1]["__typename"] == "GenerationCompleted"
    ours = [(name, each) for name, each in spans if each.trace_id.hex() == TRACE_ID]
    found = {(service, each.name) for service, each in ours}
    assert {
        ("navis-api", "POST /graphql"),
        ("navis-api", "mutation other"),
        ("navis-api", "INSERT questions"),
        ("navis-api", "INSERT pgqueuer"),
        ("navis-worker", "job generate"),
        ("navis-generation", "POST /v1/generate"),
    } <= found
    # Each stands below another, and the first below its caller.
    ids = {each.span_id.hex() for _, each in ours} | {CALLER}
    assert {each.parent_span_id.hex() for _, each in ours} <= ids
    [begun] = [each for _, each in ours if each.name == "POST /graphql"]
    assert begun.parent_span_id.hex() == CALLER

    names = {each.name for _, each in spans}
    assert {"GET other", "GET /answers/{slug}", "query other"} <= names
    for form in (CANARY.encode(), CANARY.upper().encode(), CANARY.encode().hex().encode()):
        assert form not in sent
    assert QUESTION.encode() not in sent
    # Neither tracestate nor texts: nothing but what is on the list is said of a span.
    assert {each.trace_state for _, each in spans} == {""}
    assert not any(each.events for _, each in spans)


def test_without_a_place_for_traces_the_sdk_is_not_even_imported() -> None:
    program = (
        "import sys, navis_api.cli.serving, navis_api.tracing as tracing;"
        "print(tracing.is_on(), tracing.current_traceparent(),"
        " 'opentelemetry.sdk' in sys.modules, tracing.span('a', {}) is tracing.span('b', {}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["False", "None", "False", "True"]
