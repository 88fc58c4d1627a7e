"""What Graph says of tokens and subscriptions, and of a number of WhatsApp.

https://developers.facebook.com/docs/graph-api/reference/debug_token and
https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
"""

from simulators.graph.call import Call
from simulators.graph.errors import invalid, not_there, unknown_path
from simulators.graph.shapes import page_of, parse_fields, select
from simulators.graph.wire import Json
from simulators.graph.world import World

_NUMBER = "id,display_phone_number,verified_name,quality_rating"
_SCOPES = (
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_messaging",
    "pages_read_engagement",
    "pages_read_user_content",
    "whatsapp_business_management",
    "whatsapp_business_messaging",
)


def debugged(world: World, call: Call) -> Json:
    """Say what is known of a token; here all live tokens are alike."""
    if call.method != "GET" or not call.text("input_token"):
        raise invalid("You must provide input_token")
    page = next((page for page in world.pages.values() if page.token == call.text("input_token")), None)
    if page is None:
        return {"data": {"is_valid": False, "scopes": []}}
    facts = {
        "app_id": world.app.id,
        "type": "PAGE",
        "application": world.app.name,
        "data_access_expires_at": 0,
        "expires_at": 0,
        "is_valid": True,
        "scopes": list(_SCOPES),
        "granular_scopes": [{"scope": "whatsapp_business_messaging", "target_ids": [page.business_id]}],
        "profile_id": page.id,
    }
    return {"data": facts | world.token_facts}


def subscriptions(world: World) -> Json:
    """List which webhooks the app chose."""
    return {
        "data": [
            {
                "object": name,
                "callback_url": "https://switchboard.example.org/webhooks/facebook",
                "active": name not in world.inactive,
                "fields": [{"name": field, "version": "v23.0"} for field in fields],
            }
            for name, fields in world.app_fields.items()
            if fields
        ]
    }


def on_whatsapp(world: World, call: Call, object_id: str, edge: str) -> Json:
    """Read a number, or the business account that has it."""
    number = {
        "id": call.page.number_id,
        "display_phone_number": "+1 202-555-0100",
        "verified_name": call.page.name,
        "quality_rating": "GREEN",
    }
    if call.method != "GET":
        raise not_there(call.method, object_id)
    if object_id == call.page.number_id and not edge:
        return select(number, parse_fields(call.text("fields") or _NUMBER))
    if edge == "phone_numbers":
        return page_of([number], call.params, _NUMBER, call.address)
    if edge == "subscribed_apps":
        app = {"whatsapp_business_api_data": {"id": world.app.id, "name": world.app.name, "link": ""}}
        return {"data": [app] if world.subscribed_fields.get(object_id) else []}
    raise unknown_path(f"/{edge}")
