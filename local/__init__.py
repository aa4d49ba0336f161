"""The system on one machine: the stand-ins and the servers of `make dev`. Deployed code imports none of it."""
