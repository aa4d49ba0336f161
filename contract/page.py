"""What the page reads before it asks anything."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from contract.fields import Count, Language
from contract.terms import Interviewer


class AppCheck(Struct, kw_only=True):
    """What the page needs for a token of Firebase App Check, which it sends with `start` as `X-Firebase-AppCheck`."""

    app_id: Annotated[str, Meta(description="Firebase's id of the web app.")]
    api_key: Annotated[str, Meta(description="Firebase's key of the web app.")]
    site_key: Annotated[str, Meta(description="reCAPTCHA Enterprise's key of the website.")]


class Config(Struct, kw_only=True):
    """`GET /config.json`, which the page's host serves: what the page must know before it asks anything."""

    interviewer: Interviewer
    retention_days: Count
    interview_minutes: Annotated[float, Meta(gt=0)]
    avatar: Annotated[bool, Meta(description="The interviewer can be had on video.")]
    sentry_dsn: Annotated[str, Meta(description="Where the page sends its errors.")] | UnsetType = UNSET
    backup_days: (
        Annotated[int, Meta(ge=0, description="Days that backups keep a deleted interview. 0: there are no backups.")]
        | UnsetType
    ) = UNSET
    start_code: Annotated[bool, Meta(description="A start needs a start code.")] | UnsetType = UNSET
    app_check: AppCheck | UnsetType = UNSET
    page_name: Annotated[str, Meta(description="The name that the page shows for itself.")] | UnsetType = UNSET
    page_colour: Annotated[str, Meta(description="The page's main colour, as #rrggbb.")] | UnsetType = UNSET
    page_contact: (
        Annotated[str, Meta(description="Who answers questions about data: an e-mail or an https address.")] | UnsetType
    ) = UNSET
    second_ear: Annotated[bool, Meta(description="A text model transcribes spoken answers again.")] | UnsetType = UNSET
    stand_in: Annotated[bool, Meta(description="The video is a stand-in's drawing, for development.")] | UnsetType = (
        UNSET
    )
    languages: (
        Annotated[list[Language], Meta(description="The languages offered; the first is the default. Left out: any.")]
        | UnsetType
    ) = UNSET
    voice: Annotated[str, Meta(description="The interviewer's voice at Gemini.")] | UnsetType = UNSET
    live_model: Annotated[str, Meta(description="The model that interviews.")] | UnsetType = UNSET
    text_model: Annotated[str, Meta(description="The model that assesses.")] | UnsetType = UNSET
