"""The database has the store's indexes, and deletes expired documents."""

import ast
import re
from datetime import timedelta

from interview.record import Interview, Turn
from interview.settings import FIRESTORE_BACKUP_DAYS
from tests.terraform.conftest import ROOT
from tests.terraform.plan import Outcome
from tests.terraform.test_environment import environments

SOURCE = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "interview" / "store").glob("firestore*.py")))
NOT_PERSONAL = {"system"}
"""Collections without personal data."""
COLLECTIONS = set(re.findall(r'\.collection\("(\w+)"\)', SOURCE))
RECORDS = {"interviews": set(Interview.__dataclass_fields__), "turns": set(Turn.__dataclass_fields__)}


def asked() -> set[tuple[str, ...]]:
    """The store's queries, each as the fields of its index: equality first, then the order."""
    found = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if (
            isinstance(node, ast.AsyncFunctionDef)
            and ".order_by(" in (text := ast.unparse(node))
            and node.name != "work"
        ):
            equal = re.findall(r"FieldFilter\('([\w.]+)', '(?:==|in)'", text)
            order = re.findall(r"\.order_by\('([\w.]+)'\)", text)
            found.add((*equal, *order))
    return found


def test_every_collection_with_personal_data_has_a_time_to_live(main: Outcome) -> None:
    fields = main.plans["defaults"].of("google_firestore_field").values()
    expiring = {field["collection"] for field in fields if field["ttl_config"]}
    assert len(COLLECTIONS) > 1
    assert expiring == COLLECTIONS - NOT_PERSONAL


def test_each_query_has_an_index_and_there_are_no_others(main: Outcome) -> None:
    indexes = main.plans["defaults"].of("google_firestore_index").values()
    assert {(index["collection"], index["query_scope"]) for index in indexes} == {("interviews", "COLLECTION")}
    orders = {field["order"] for index in indexes for field in index["fields"]}
    assert orders == {"ASCENDING"}
    assert {tuple(field["field_path"] for field in index["fields"]) for index in indexes} == asked()


def test_unindexed_fields_exist_and_no_query_uses_them(main: Outcome) -> None:
    fields = main.plans["defaults"].of("google_firestore_field").values()
    unindexed = {(field["collection"], field["field"]) for field in fields if not field["ttl_config"]}
    assert {"prompt", "job_description", "cv"} <= {field for _, field in unindexed}
    assert ("turns", "text") in unindexed
    # A query of one field needs its index; one of several uses a composite index.
    alone = {path for query in asked() if len(query) == 1 for path in query}
    for collection, field in unindexed:
        assert field.partition(".")[0] in RECORDS[collection]
        assert field not in alone


def test_times_that_only_grow_have_no_index_of_their_own(main: Outcome) -> None:
    """Firestore writes 500 documents a second to an index whose values only grow."""
    fields = main.plans["defaults"].of("google_firestore_field").values()
    bare = {(field["collection"], field["field"]) for field in fields if field["index_config"]}
    written_often = {("interviews", "live.seen_at"), ("turns", "started_at"), ("turns", "ended_at")}
    written_often |= {(name, "expires_at") for name in COLLECTIONS - NOT_PERSONAL}
    assert written_often <= bare


def test_the_promised_date_is_that_of_the_last_backup(main: Outcome) -> None:
    """Point-in-time recovery goes back seven days, and an expired backup is deleted within a day."""
    plan = main.plans["defaults"]
    (database,) = plan.of("google_firestore_database").values()
    (schedule,) = plan.of("google_firestore_backup_schedule").values()
    kept = timedelta(seconds=int(schedule["retention"].removesuffix("s")))
    assert database["point_in_time_recovery_enablement"] == "POINT_IN_TIME_RECOVERY_ENABLED"
    forgotten = max(kept, timedelta(days=7)) + timedelta(days=1)
    assert timedelta(days=FIRESTORE_BACKUP_DAYS) == forgotten
    assert plan.outputs["page_config"]["backup_days"] == FIRESTORE_BACKUP_DAYS
    assert environments(plan)["end"]["BACKUP_DAYS"] == str(FIRESTORE_BACKUP_DAYS)


def test_files_are_gone_at_once(main: Outcome) -> None:
    bucket = main.plans["defaults"].resources["google_storage_bucket.files"]
    assert bucket["soft_delete_policy"][0]["retention_duration_seconds"] == 0
    assert not bucket["versioning"]


def test_everything_is_in_the_environments_database(main: Outcome) -> None:
    plan = main.plans["defaults"]
    kinds = ("google_firestore_field", "google_firestore_index", "google_firestore_backup_schedule")
    databases = {values["database"] for kind in kinds for values in plan.of(kind).values()}
    assert databases == {"interviewer-production"}
