"""The HTTP interface without a web framework: requests and responses are plain values, handlers plain functions.

`functions/start` and `functions/end` are two deployments that share these modules. Each turns its framework's request
into a `message.Request`, calls `routes.answer` with its own routes, and turns the `Response` back.
"""
