"""The interviewer's face: conversations at the avatar's provider, and that none of them outlives its interview."""
