"""The conversation itself: turns, the floor, directions to the interviewer, and the clock."""
