"""The relay: one WebSocket from a browser, one to Gemini Live, and between them an interview."""
