"""What the text model is asked about an interview after its end."""

from interview.assessment.sketch import sketch

__all__ = ["sketch"]
