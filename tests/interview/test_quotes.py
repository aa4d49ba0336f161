from hypothesis import given
from hypothesis import strategies as st

from interview.quotes import MIN_WORDS, find, has_words

TEXT = "Well, we don\N{RIGHT SINGLE QUOTATION MARK}t use Redis — we cache “hot” rows in Postgres. It was 3x faster."


def test_a_quote_is_found_across_case_punctuation_and_spacing() -> None:
    assert find("we dont use redis we cache", TEXT) == TEXT[6:35]
    assert find('"cache  HOT rows,\nin postgres"', TEXT) == "cache “hot” rows in Postgres"
    assert find("It was 3x faster", TEXT) == "It was 3x faster"


def test_the_passage_is_that_of_the_text() -> None:
    assert find("CAFE AU LAIT", "The café au lait.") == "café au lait"


def test_a_quote_with_a_changed_added_or_omitted_word_is_not_found() -> None:
    assert find("we don't use MySQL", TEXT) is None
    assert find("we cache all hot rows", TEXT) is None
    assert find("we don't ... hot rows in Postgres", TEXT) is None


def test_a_quote_begins_and_ends_with_a_word() -> None:
    assert find("ache hot rows in", TEXT) is None
    assert find("cache hot rows in Post", TEXT) is None
    assert find("use of it", "because of it, the use of it") == "use of it"


def test_two_words_are_not_enough_unless_they_are_the_whole_answer() -> None:
    assert find("hot rows", TEXT) is None
    assert find("", TEXT) is None
    assert find("?!", "?!") is None
    assert find("Yes.", "yes") == "yes"


def test_scripts_without_spaces() -> None:
    text = "私は毎日データベースを使います。"
    assert find("データベースを使います", text) == "データベースを使います"
    assert find("使います", text) is None
    assert find("データベースを消します", text) is None


def test_words_in_other_alphabets() -> None:
    assert find("кэшируем горячие строки", "Мы кэшируем «горячие» строки.") == "кэшируем «горячие» строки"
    assert find("मैं हर दिन", "जी, मैं हर दिन लिखता हूँ") == "मैं हर दिन"


def test_has_words() -> None:
    assert has_words(" ok ")
    assert has_words("はい")
    assert not has_words(" ... ")


@given(st.lists(st.text("abcäß日本 .,'ı½", min_size=1, max_size=6), min_size=1, max_size=8), st.data())
def test_the_result_is_a_passage_of_the_text(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    begin = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(begin, len(words)))
    quote = " ".join(words[begin:end])
    found = find(quote.upper().lower(), text)
    assert found is None or (found in text and has_words(found))
    spaced = [word for word in words[begin:end] if has_words(word) and not set(word) & {"日", "本"}]
    if len(spaced) >= MIN_WORDS:
        assert find(quote, text) is not None
