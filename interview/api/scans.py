"""Reading pictures of CVs with the text model, within the day's money.

Anybody may upload a picture, and reading it costs money before the candidate has said a word. So each reading is
charged to the day before it begins, at the most that it can cost.
"""

from typing import Final

from interview.admission.ledger import used_up
from interview.api.backends import Backends
from interview.cv import ReadScan
from interview.errors import ModelUnavailable
from interview.usage import Meter

SCAN_DOLLARS: Final = 0.05
"""The most that one reading costs: ten pages of 1,120 tokens and 4,000 tokens of output (interview/prices.py)."""


def scan_reader(session_id: str, backends: Backends, meter: Meter, spent: float) -> ReadScan | None:
    """The function that reads the pictures of one upload of an interview; None without a model that can. `meter` gets
    its tokens. The interview has cost `spent` dollars before.
    """
    store = backends.store
    if backends.text_model is None or backends.settings.gemini.embedded:
        return None
    model = backends.text_model.counted(meter.add)
    readings = 0

    async def read(data: bytes, media_type: str = "application/pdf", /) -> str:
        nonlocal readings
        readings += 1
        now = backends.clock()
        if used_up(await store.admissions(), now, backends.settings.limits):
            raise ModelUnavailable("Today's money for reading pictures is used up.")
        # In the interview's account: what the record says later that it has cost includes the reading's real cost.
        await store.charge({session_id: spent + readings * SCAN_DOLLARS}, now)
        return await model.read_scan(data, media_type)

    return read
