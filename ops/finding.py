"""What the canary reports: one belief about Gemini, and whether it is right."""

from dataclasses import dataclass
from typing import Final

from interview import log

_WORDS: Final = {True: "ok", False: "WRONG", None: "not tried"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One belief, whether it is right (None: it could not be tried), and what was seen: never what was said."""

    name: str
    right: bool | None
    told: str

    @property
    def line(self) -> str:
        """One line for the terminal."""
        return f"{_WORDS[self.right]:<11}{self.name:<12}{self.told}"

    def write(self) -> None:
        """One line for Cloud Logging. infra/terraform/canary.tf counts `canary_wrong`."""
        if self.right is None:
            log.write("WARNING", "canary_not_tried", finding=self.name, told=self.told)
        elif self.right:
            log.write("INFO", "canary_right", finding=self.name, told=self.told)
        else:
            log.write("ERROR", "canary_wrong", finding=self.name, told=self.told)
