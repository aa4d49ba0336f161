"""How good is the assessment: scripted interviews, and models that flatter, invent and obey."""
