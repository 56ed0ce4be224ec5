"""The API's page: Swagger UI out of the package, before the merged document. It works without any other host.

Our own part is one small page, style and script beside this module; Swagger UI's bundle comes with `fastapi-offline`.
Every file is served at an address with a digest of its content, so a browser fetches it once.
"""

from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.page import FOR_EVER, Page
from shared.kernel.errors import NoSuchAddress

_TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
_BUNDLED = ("swagger-ui-bundle.js", "swagger-ui.css")
_OWN = ("docs.css", "docs.js", "linli.css", "icon.svg")


@cache
def asset(name: str) -> Page:
    """One file of the page; `name` must be one of those that are ours to serve."""
    folder = files("fastapi_offline") / "static" if name in _BUNDLED else files(__name__)
    return Page.of((folder / name).read_bytes(), _TYPES[name.rpartition(".")[2]], FOR_EVER)


@cache
def address(name: str) -> str:
    """Where a file is served."""
    return f"/docs/{asset(name).tag}/{name}"


def with_addresses(html: str) -> str:
    """A page with the addresses of the files that it names, like `{docs.css}`."""
    for name in (*_BUNDLED, *_OWN):
        if f"{{{name}}}" in html:
            html = html.replace(f"{{{name}}}", address(name))
    return html


@cache
def _index() -> Page:
    html = (files(__name__) / "index.html").read_text(encoding="utf-8")
    return Page.of(with_addresses(html).encode(), "text/html")


async def _read_index(request: Request) -> Response:
    return _index().answer(request)


async def _read_asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in (*_BUNDLED, *_OWN) or request.path_params["tag"] != asset(name).tag:
        raise NoSuchAddress
    return asset(name).answer(request)


routes = [Route("/docs", _read_index), Route("/docs/{tag}/{name}", _read_asset)]
