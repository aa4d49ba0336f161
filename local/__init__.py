"""Everything on one machine: the embedded interviewer and the server of `make dev`; deployed parts know none of it."""
