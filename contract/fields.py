"""Kinds of values that stand in several HTTP shapes."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from contract.limits import MAX_LANGUAGE

Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[int, Meta(ge=0, description="Seconds.")]
Moment = Annotated[datetime, Meta(tz=True)]
Uri = Annotated[str, Meta(extra_json_schema={"format": "uri"})]
Language = Annotated[str, Meta(max_length=MAX_LANGUAGE, description="A BCP-47 tag.")]
