"""The version of the project: the one place where it is written. CONTRIBUTING.md says how a release is cut."""

from typing import Final

VERSION: Final = "0.2.0"
