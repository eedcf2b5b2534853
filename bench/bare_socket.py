"""The peer of `console_latency`: a WebSocket that sends on what it hears and knows nothing else.

As a route of the api's own process (`api`: the product's server under the product's load), or as a server of its own with the
same uvicorn settings (`alone`). A page says `page <n>` once; `<n> <bytes>` makes the server send that many bytes to page n.

    .venv/bin/python -m bench.bare_socket api | alone PORT
"""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect

from agent_console.server.app import create_app
from carillon import api_wiring
from carillon.api_server import SOCKET_MESSAGE_AT_MOST
from carillon.cli import api as command

PATH = "/bench/bare"
LETTER = "x"


def with_bare_socket(app: FastAPI) -> FastAPI:
    """One more route, after the product's own check of its policies: the product has none such."""
    pages: dict[str, WebSocket] = {}

    async def bare(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                word, _, rest = (await socket.receive_text()).partition(" ")
                if word == "page":
                    pages[rest] = socket
                else:
                    await pages[word].send_text(LETTER * int(rest))
        except WebSocketDisconnect:
            return

    app.router.add_websocket_route(PATH, bare)
    app.router.routes.insert(0, app.router.routes.pop())  # before the console's files
    return app


def alone(port: int) -> None:
    """The settings of `carillon.api_server.uvicorn_config`."""
    uvicorn.run(
        with_bare_socket(FastAPI()), host="127.0.0.1", port=port, log_config=None, access_log=False, ws="websockets-sansio",
        ws_ping_interval=5.0, ws_ping_timeout=5.0, ws_per_message_deflate=False, ws_max_size=SOCKET_MESSAGE_AT_MOST,
        proxy_headers=False, server_header=False, lifespan="off",
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "api":
        api_wiring.create_app = lambda deps: with_bare_socket(create_app(deps))  # type: ignore[attr-defined]
        command.run()
    else:
        alone(int(sys.argv[2]))
