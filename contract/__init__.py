"""The contract between the page, the relay, the functions and any other client, written once.

    terms     closed sets of words: levels, statuses, reasons           plain Python, loaded by every service
    limits    numbers that both sides must know
    closes    close codes of the stream, and what to do on each
    notices   codes of the stream's notices
    errors    error codes, their HTTP status and their close code
    stream    the messages of the WebSocket, both ways                  msgspec structs
    http      which shapes HTTP has; they stand in requests, answers, records and page
    generate  what is written from all of these: `make contract`        not deployed

The relay parses and encodes with `stream`; the OpenAPI description is computed from `http`; `web/src/contract/*.gen.ts`
and `docs/stream.md` are generated and kept in the repository. Change a module here, run `make contract`, and follow
what mypy, tsc and the tests point at. Changes are additive: a field that is added to an answer or to a message is
optional, and a reader passes over fields, message types and codes that it does not know.
"""
