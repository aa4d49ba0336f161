"""Filling schemas in both spellings."""

from local.gemini.schema import fill

VALUES = {"summary": "All fine.", "points": [{"point": "a", "n": 3}], "verdict": "yes"}


def test_known_names_are_filled_and_others_left_empty() -> None:
    schema = {
        "type": "OBJECT",
        "properties": {
            "summary": {"type": "STRING"},
            "points": {"type": "ARRAY", "items": {"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}}},
            "verdict": {"type": "STRING", "enum": ["no", "yes"]},
            "mood": {"type": "string"},
            "score": {"type": "number", "minimum": 1},
            "sure": {"type": "boolean"},
        },
    }
    assert fill(schema, VALUES) == {
        "summary": "All fine.",
        "points": [{"n": 3}],
        "verdict": "yes",
        "mood": "",
        "score": 1,
        "sure": False,
    }


def test_references_alternatives_and_bounds() -> None:
    schema = {
        "$defs": {"Point": {"type": "object", "properties": {"point": {"type": "string"}}}},
        "type": "object",
        "properties": {
            "points": {"type": "array", "items": {"$ref": "#/$defs/Point"}, "minItems": 2, "maxItems": 3},
            "verdict": {"anyOf": [{"type": "null"}, {"enum": ["good", "bad"]}]},
        },
    }
    assert fill(schema, VALUES) == {"points": [{"point": "a"}, {"point": ""}], "verdict": "bad"}


def test_points_as_plain_strings() -> None:
    schema = {"type": "object", "properties": {"points": {"type": "array", "items": {"type": "string"}}}}
    assert fill(schema, VALUES) == {"points": ["a"]}


def test_a_recursive_schema_is_filled() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    assert fill({"$defs": {"Node": node}, **node}, {})["next"]
