"""Gemini Live: one connection, the supervisor that replaces it, and what is kept to be sent again."""
