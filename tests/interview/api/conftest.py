from tests.interview.store.conftest import open_store, store

__all__ = ["open_store", "store"]
