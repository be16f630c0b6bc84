"""Setting up an official account: the webhook's address and the rich menu."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp

from channels.line import richmenu
from channels.line.api import PATIENCE, UPLOAD, Api
from channels.line.refusal import message
from channels.setup import SetupFailed
from core.settings import LineAccount

if TYPE_CHECKING:
    from linebot.v3.messaging import RichMenuResponse

ADDRESS = 500  # characters of a webhook's address
CONSOLE = "https://developers.line.biz/console"
MANAGER = "https://manager.line.biz"


async def setup(account: LineAccount, webhook_url: str, city: str) -> list[str]:
    """Register ``webhook_url`` and show our rich menu to everybody; gives lines for the operator. Harmless to repeat.

    Raises:
        SetupFailed: with words that say what to do.
    """
    _check(account, webhook_url)
    api = Api(account)
    await api.calls()
    from linebot.v3.messaging import ApiException

    try:
        return [*await _account(api, city), *await _webhook(api, webhook_url), *await _menu(api)]
    except ApiException as error:
        raise _refused(error.status or 0, message(error.body)) from None
    except richmenu.FontMissing:
        raise SetupFailed("The rich menu's font is not installed; run `npm ci` and try again.") from None
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise SetupFailed(f"LINE cannot be reached. Is this machine allowed to speak to {account.api_url}?") from None
    except ValueError:
        raise SetupFailed("LINE answered in a way that cannot be read. Does API_URL point to LINE?") from None
    finally:
        await api.close()


def _check(account: LineAccount, webhook_url: str) -> None:
    if not account.access_token.get_secret_value().isascii() or not account.access_token.get_secret_value().strip():
        raise SetupFailed(f"There is no channel access token. Issue a long-lived one at {CONSOLE}, tab Messaging API.")
    if not account.channel_secret.get_secret_value():
        raise SetupFailed(f"There is no channel secret. It stands at {CONSOLE}, tab Basic settings.")
    try:
        parts = urlsplit(webhook_url)
    except ValueError:
        raise SetupFailed("The public address is not a web address; set PRACHA_PUBLIC_URL.") from None
    if parts.scheme != "https" or not parts.hostname:
        raise SetupFailed("LINE posts to https addresses only; set PRACHA_PUBLIC_URL to the one that citizens' browsers use.")
    if len(webhook_url) > ADDRESS:
        raise SetupFailed(f"LINE takes addresses of up to {ADDRESS} characters; the webhook's is longer.")


def _refused(status: int, said: str) -> SetupFailed:
    if status in {401, 403}:
        return SetupFailed(
            f"LINE does not know this channel access token. Issue a long-lived one at {CONSOLE}, tab Messaging API."
        )
    if status == 429:
        return SetupFailed("LINE asks to slow down; run this again in an hour.")
    return SetupFailed(f"LINE refused ({status}): {said or 'without a reason'}")


async def _account(api: Api, city: str) -> list[str]:
    info = await (await api.calls()).get_bot_info(_request_timeout=PATIENCE)
    lines = [f"The token is good: {info.display_name} ({info.basic_id}), for {city}."]
    if info.chat_mode == "chat":
        lines.append(f"Note: chat is on at {MANAGER}. Staff answering there are not seen here; better turn it off.")
    return lines


async def _webhook(api: Api, url: str) -> list[str]:
    from linebot.v3.messaging import ApiException, SetWebhookEndpointRequest, TestWebhookEndpointRequest

    calls = await api.calls()
    await calls.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint=url), _request_timeout=PATIENCE)
    lines = [f"Webhook: {url}"]
    endpoint = await calls.get_webhook_endpoint(_request_timeout=PATIENCE)
    if not endpoint.active:
        lines.append(f"Warning: LINE sends nothing yet. Turn on 'Use webhook' at {CONSOLE}, tab Messaging API.")
    try:
        tested = await calls.test_webhook_endpoint(TestWebhookEndpointRequest(endpoint=url), _request_timeout=UPLOAD)
    except (ApiException, aiohttp.ClientError, TimeoutError, ValueError):
        return [*lines, "Warning: LINE could not test the webhook just now. Write to the account to see whether it answers."]
    if tested.success:
        return [*lines, "LINE reached the webhook."]
    return [
        *lines,
        f"Warning: LINE could not reach the webhook ({tested.status_code}, {tested.reason}). Is Pracha running there?",
    ]


async def _menu(api: Api) -> list[str]:
    """Make our menu the one that all see, unless it is so already; our older ones are deleted, others' left alone."""
    from linebot.v3.messaging import RichMenuRequest

    calls = await api.calls()
    listed = await calls.get_rich_menu_list(_request_timeout=PATIENCE)
    ours = [menu for menu in listed.richmenus if menu.name.startswith(richmenu.PREFIX)]
    wanted = richmenu.request()
    shown = await _shown(api, ours)
    if shown is not None and shown.name == wanted["name"]:
        return ["The rich menu is in place.", *await _delete(api, [menu for menu in ours if menu is not shown])]
    picture = richmenu.picture()
    made = await calls.create_rich_menu(RichMenuRequest.from_dict(wanted), _request_timeout=PATIENCE)
    files = await api.files()
    await files.set_rich_menu_image(
        made.rich_menu_id, picture, _headers={"Content-Type": "image/png"}, _content_type="image/png", _request_timeout=UPLOAD
    )
    await calls.set_default_rich_menu(made.rich_menu_id, _request_timeout=PATIENCE)
    return ["A new rich menu is shown to everybody.", *await _delete(api, ours)]


async def _shown(api: Api, ours: "list[RichMenuResponse]") -> "RichMenuResponse | None":
    """The one of our menus that everybody sees; a menu whose picture was never uploaded cannot be it."""
    from linebot.v3.messaging import ApiException

    try:
        default = await (await api.calls()).get_default_rich_menu_id(_request_timeout=PATIENCE)
    except ApiException as error:
        if error.status == 404:
            return None
        raise
    return next((menu for menu in ours if menu.rich_menu_id == default.rich_menu_id), None)


async def _delete(api: Api, menus: "list[RichMenuResponse]") -> list[str]:
    for menu in menus:
        await (await api.calls()).delete_rich_menu(menu.rich_menu_id, _request_timeout=PATIENCE)
    return [f"Deleted {len(menus)} older rich menu{'s' if len(menus) > 1 else ''}."] if menus else []
