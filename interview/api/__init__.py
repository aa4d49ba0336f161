"""The HTTP contract without a web framework: requests and responses as plain values, handlers as plain functions.

`functions/start` and `functions/end` are two deployments that share these modules; each turns its framework's request
into a `message.Request`, hands it to `routes.answer` with its own table of routes, and turns the `Response` back.
"""
