"""A web process and a worker as small as can be, started by the real runner in its tests."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from deploy.machine.orphan import watch_parent


class Answer(BaseHTTPRequestHandler):
    """Ready at once."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


def main() -> None:
    watch_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if sys.argv[1] == "serve":
        HTTPServer(("127.0.0.1", int(sys.argv[3])), Answer).serve_forever()
    signal.pause()


if __name__ == "__main__":
    main()
