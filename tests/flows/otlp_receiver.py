"""A collector: takes traces as OTLP over HTTP brings them, and keeps them."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Receiver:
    """What has come in: the bytes, and what they say."""

    port: int = 0
    bodies: list[bytes] = field(default_factory=list)

    def spans(self) -> list[tuple[str, Span]]:
        """Each span, with the service that sent it."""
        found: list[tuple[str, Span]] = []
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                named = {each.key: each.value.string_value for each in resource.resource.attributes}
                found += [
                    (named["service.name"], span)
                    for scope in resource.scope_spans
                    for span in scope.spans
                ]
        return found


@contextmanager
def otlp_receiver() -> Generator[Receiver]:
    """Give a receiver that listens."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = decompress(body)
            right = self.headers["Content-Type"] == "application/x-protobuf"
            if self.path == "/v1/traces" and right:
                receiver.bodies.append(body)
            self.send_response(200 if self.path == "/v1/traces" and right else 400)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            serving.join()
