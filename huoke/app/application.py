"""Litestar with many routes: laid out once, when all of them are known.

Litestar itself lays out what it has after each handler: it lists all routes to find those of one path, checks every
node of the tree they make, and parses a path's handlers again with each further method. That grows with the square of
the handlers. It also reads, path after path, the same handler of OPTIONS, and loads what turns other libraries' models
into JSON; ours are msgspec's.
"""

from collections.abc import Iterable
from typing import Any

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ControllerRouterHandler
from litestar.types.internal_types import RouteHandlerMapItem

OPTIONS = frozenset({"OPTIONS"})


class Application(Litestar):
    """A Litestar that makes its tree of routes at the end of its own making, and adds later ones as ever."""

    def __init__(self, **options: Any) -> None:
        self._laid_out = False
        self._read_options: HTTPRouteHandler | None = None
        self._methods: dict[str, RouteHandlerMapItem] = {}
        super().__init__(**options)
        self._laid_out = True
        self._lay_out(self.routes)

    @property
    def route_handler_method_map(self) -> dict[str, RouteHandlerMapItem]:
        """The handlers by path and method; kept, where Litestar lists all routes each time."""
        return self._methods

    def register(self, value: ControllerRouterHandler) -> None:  # type: ignore[override]
        """Add what a handler or router answers; it is laid out at once only when the application stands already."""
        routes = Router.register(self, value)
        for route in routes:
            self._methods[route.path] = _by_method(route)
        if self._laid_out:
            self._lay_out(routes)

    def _lay_out(self, routes: Iterable[BaseRoute]) -> None:
        """What `Litestar.register` does for each route of one handler; ours all speak HTTP."""
        for route in routes:
            assert isinstance(route, HTTPRoute), f"{route.path} does not speak HTTP"
            for handler in route.route_handlers:
                if handler.http_methods == OPTIONS:
                    self._read_once(handler)
                handler.on_registration(self)
            route.create_handler_map()
            for plugin in self.plugins.receive_route:
                plugin.receive_route(route)
        self.asgi_router.construct_routing_trie()

    def _read_once(self, handler: HTTPRouteHandler) -> None:
        """All answer OPTIONS by one function, made anew for each path: what Litestar reads out of it is the same."""
        if self._read_options is None:
            self._read_options = handler
            return
        handler._parsed_fn_signature = self._read_options.parsed_fn_signature  # noqa: SLF001 - they are memos of these
        handler._signature_model = self._read_options.signature_model  # noqa: SLF001

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        """Not pydantic's and attrs' beside our own."""
        return [*plugins, MsgspecDIPlugin()]


def _by_method(route: BaseRoute) -> RouteHandlerMapItem:
    assert isinstance(route, HTTPRoute), f"{route.path} does not speak HTTP"
    return {method: handler for handler in route.route_handlers for method in handler.http_methods}
