"""The interviewer's speech on its way to the candidate: played by the page or spoken by the avatar."""
