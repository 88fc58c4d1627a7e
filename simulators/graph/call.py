"""One request to Graph, once it is known who asks."""

from dataclasses import dataclass

from simulators.graph.errors import invalid
from simulators.graph.objects import Page
from simulators.graph.wire import Json


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came with a live token: *page* is who it acts as.

    *address* is where it went, with the token as its first parameter.
    """

    method: str
    path: str
    params: Json
    page: Page
    address: str

    def text(self, name: str) -> str:
        """Give a parameter as text; empty when it is missing."""
        value = self.params.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """Give a boolean parameter, in any of the spellings Graph takes."""
        value = self.text(name).lower()
        if value not in {"", "true", "false", "1", "0"}:
            raise invalid(f"Param {name} must be a boolean")
        return default if not value else value in {"true", "1"}
