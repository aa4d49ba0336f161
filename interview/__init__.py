"""The domain of the interviewer, shared by the functions and the relay. Imports no web framework."""
