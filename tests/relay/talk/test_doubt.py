"""Which transcriptions are doubtful, and which only look so."""

import pytest

from relay.talk import doubt

QUESTION = "Thank you. Why did you choose a message queue and not a database table?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Я построил очередь сообщений", "en-US"),
        ("我做了一个消息队列", "en-US"),
        ("मैंने एक कतार बनाई", "de-DE"),
        ("I built a queue", "ru-RU"),
        ("أنا بنيت نظاما", "he-IL"),
        ("私はキューを作りました", "zh"),
    ],
)
def test_another_script(text: str, language: str) -> None:
    expected = language != "ru-RU"  # Latin terms occur in every language
    assert doubt.foreign(text, language) is expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Я построил очередь на Kafka", "ru-RU"),
        ("Kafka, PostgreSQL, Kubernetes", "ru-RU"),
        ("我做了一个消息队列", "cmn-CN"),
        ("私はキューを作りました", "ja-JP"),
        ("저는 대기열을 만들었습니다", "ko-KR"),
        ("मैंने एक कतार बनाई", "hi-IN"),
        ("Größe, naïve, Łódź, São Paulo", "en-US"),
        ("I used the letter Ω for the resistance of it", "en-US"),
        ("12 000", "en-US"),
        ("I wrote Привет into the greeting of it", "en-US"),
        ("", "en-US"),
        ("Tôi đã xây dựng một hàng đợi tin nhắn", "vi-VN"),
    ],
)
def test_the_languages_own_script(text: str, language: str) -> None:
    assert not doubt.foreign(text, language)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("ich habe eine Warteschlange gebaut und das war nicht so einfach", "en-US", True),
        ("je pense que nous avons choisi une base de données pour le projet", "en-US", True),
        ("I built a queue and it was one of the first things that we did", "de-DE", True),
        ("I built a queue and it was one of the first things that we did", "en-GB", False),
        ("ich habe eine Warteschlange gebaut und das war nicht so einfach", "de-DE", False),
        ("das ist der Grund", "en-US", False),
        (f"der die das {' '.join(['Kafka', 'Redis', 'Docker'] * 6)}", "en-US", False),
        ("Kafka Postgres Redis Kubernetes Docker Terraform Prometheus Grafana", "en-US", False),
        ("We read Der Spiegel and Le Monde in the office, and that was it", "en-US", False),
        ("ich habe eine Warteschlange gebaut und das war nicht so einfach", "id-ID", False),
    ],
)
def test_another_language_in_the_same_script(text: str, language: str, *, expected: bool) -> None:
    assert doubt.foreign(text, language) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Why did you choose a message queue?", True),
        ("why did you CHOOSE", True),
        ("Why did you", False),
        ("I chose a message queue and not a database table.", False),
        ("Why did you choose Kafka?", False),
        ("did you choose a mess", False),
        ("", False),
    ],
)
def test_an_echo_is_the_interviewers_words_in_a_row(text: str, *, expected: bool) -> None:
    assert doubt.echoes(text, QUESTION) is expected


def test_all_doubts_of_a_text_are_found() -> None:
    assert doubt.find("ваш вопрос был таков", language="en-US", interviewer="Ваш вопрос был таков.") == (
        "language",
        "echo",
    )
    assert doubt.find("I built a queue.", language="en-US", interviewer=QUESTION) == ()


@pytest.mark.parametrize(
    ("one", "other", "language", "expected"),
    [
        ("I built a queue in Python.", "I built a queue in Python", "en-US", False),
        ("Um, I built a queue, it had ten workers.", "I built a queue. It had 10 workers.", "en-US", False),
        ("We measured it before, and rolled it back.", "We measured it before and rode it back", "en-US", False),
        ("I built a queue in Python.", "The weather in Rome was fine.", "en-US", True),
        ("I built a queue in Python.", "", "en-US", True),
        ("Yes.", "Yeah.", "en-US", False),
        ("", "", "en-US", False),
        (
            "\u6211\u5199\u4e86\u4e00\u4e2a\u961f\u5217",
            "\u6211\u5199\u4e86\u4e00\u4e2a\u961f\u5217\u5427",
            "zh-CN",
            False,
        ),
        ("\u6211\u5199\u4e86\u4e00\u4e2a\u961f\u5217", "\u5929\u6c14\u5f88\u597d\u554a", "zh-CN", True),
    ],
)
def test_two_transcriptions_that_share_few_words_differ(one: str, other: str, language: str, *, expected: bool) -> None:
    assert doubt.differ(one, other, language) is expected
    assert doubt.differ(other, one, language) is expected


def test_the_difference_is_the_share_of_words_that_the_other_lacks() -> None:
    assert doubt.difference("a b c d", "a b c d", "en-US") == 0
    assert doubt.difference("a b c d", "d c b a", "en-US") == 0
    assert doubt.difference("a b c d", "a b x y", "en-US") == 0.5
    assert doubt.difference("a b", "x y", "en-US") == 1
    assert doubt.difference("", "", "en-US") == 0
