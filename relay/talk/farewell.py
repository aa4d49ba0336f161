"""Whether the interviewer has said goodbye: the tool that ends the interview is called after 70 % of the goodbyes.

(Source: livekit/agents#5096.) The phrases are those of the languages that Gemini Live documents. A missed goodbye costs
a gentle question. A false one would end an interview, so only set phrases count, and only in the last sentences.
"""

import re
from dataclasses import dataclass
from typing import Final

_PHRASES: Final = (
    # en, de, fr, es, it, pt, nl, pl, tr, id, vi, ro, uk, ru, ar, hi, bn, mr, ta, te, th, ja, ko, zh
    r"good ?bye", r"bye(?:[ -]bye)?", r"take care", r"have a (?:great|good|nice|wonderful|lovely) (?:day|evening|rest)",
    r"auf wiedersehen", r"auf wiederhören", r"tschüss?", r"mach'?s gut",
    r"au revoir", r"bonne (?:journée|soirée|continuation)",
    r"adi[oó]s", r"hasta (?:luego|pronto)", r"que tengas? un (?:buen|gran) día",
    r"arrivederci", r"buona giornata",
    r"adeus", r"até (?:logo|breve|mais)", r"tchau",
    r"tot ziens", r"do widzenia", r"hoşça ?kal", r"görüşmek üzere", r"sampai jumpa", r"selamat tinggal", r"tạm biệt",
    r"la revedere", r"до побачення", r"до свидания", r"всего доброго", r"مع السلامة", r"إلى اللقاء",
    r"अलविदा", r"नमस्ते",
    r"বিদায়", r"निरोप", r"போய் வருகிறேன்", r"వీడ్కోలు", r"ลาก่อน",
    r"さようなら", r"失礼いたします", r"안녕히", r"再见", r"再會",
)  # fmt: skip
_GOODBYE: Final = re.compile(r"(?<!\w)(?:" + "|".join(_PHRASES) + r")(?!\w)", re.IGNORECASE)
_TAIL: Final = 160
"""Characters at the end of a turn in which a goodbye counts."""


@dataclass(slots=True)
class Goodbye:
    """How far the goodbye is."""

    refusals: int = 0
    """Calls that end the interview and were answered by asking for a goodbye."""
    directed: bool = False
    at: float | None = None
    """When it had been played without a call that ends the interview."""


def is_goodbye(text: str) -> bool:
    """Whether a turn of the interviewer ends with a goodbye, and not with a question."""
    tail = text.strip()[-_TAIL:]
    return bool(_GOODBYE.search(tail)) and not tail.endswith(("?", "？", "؟"))  # noqa: RUF001
