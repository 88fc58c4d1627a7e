"""A stand-in for Meta's Graph API: what a Page, its comments, its posts and its Messenger inbox answer.

From a test::

    with GraphSimulator() as graph:
        client = httpx.Client(base_url=f"{graph.url}/v23.0", headers={"Authorization": f"Bearer {PAGE.token}"})
        graph.fail(method="POST", path="/comments$", timeout=0.1, performed=True)

From a shell: ``python -m simulators.graph --port 4570``, controlled over ``/_simulator/...`` (see `control`).

| module | holds |
|---|---|
| wire | a request and a reply, without sockets |
| errors | Meta's error envelope, and the codes with their HTTP status |
| faults | what the next requests are told to suffer |
| objects | pages, comments, posts, messages: what there is |
| world | all objects together, and which of them can be seen |
| shapes | `fields=`, cursors, times |
| nodes | an object as Graph spells it |
| call | a request, once it is known who asks |
| edges | what each path does |
| comments, posts | what happens on a Page |
| messenger | the Send API and its windows |
| instagram | an account's media and the comments under them |
| tokens | what is known of a token, and who is subscribed to what |
| simulator | the control API in Python, the request log |
| control | the same over HTTP |
| server | sockets |
"""

from simulators.graph.errors import GraphError
from simulators.graph.faults import Fault
from simulators.graph.objects import APP, PAGE, Comment, Message, Page, Post
from simulators.graph.simulator import GraphSimulator

__all__ = ["APP", "PAGE", "Comment", "Fault", "GraphError", "GraphSimulator", "Message", "Page", "Post"]
