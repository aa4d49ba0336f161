"""What is a goodbye. A false one would end an interview."""

import pytest

from relay.talk.farewell import is_goodbye


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your time. Goodbye!",
        "That was all. Good bye, Ada.",
        "Thanks, bye-bye.",
        "It was a pleasure. Take care.",
        "Thank you, and have a great day!",
        "Vielen Dank für das Gespräch. Auf Wiedersehen!",
        "Danke, tschüss!",
        "Merci beaucoup. Au revoir.",
        "Je vous souhaite une bonne journée !",
        "Muchas gracias. ¡Adiós!",
        "Que tenga un buen día.",
        "Grazie mille. Arrivederci!",
        "Obrigado. Até logo!",
        "Bedankt, tot ziens.",
        "Dziękuję. Do widzenia!",
        "Teşekkürler, hoşça kal.",
        "Terima kasih, sampai jumpa.",
        "Cảm ơn bạn, tạm biệt.",
        "Mulțumesc. La revedere!",
        "Дякую. До побачення!",
        "Спасибо. До свидания!",
        "شكرا لك. مع السلامة",
        "धन्यवाद। अलविदा।",
        "ধন্যবাদ। বিদায়।",
        "धन्यवाद, निरोप.",
        "நன்றி. போய் வருகிறேன்.",
        "ధన్యవాదాలు. వీడ్కోలు.",
        "ขอบคุณครับ ลาก่อน",
        "ありがとうございました。さようなら。",
        "감사합니다. 안녕히 가세요.",
        "谢谢。再见。",
    ],
)
def test_a_goodbye(text: str) -> None:
    assert is_goodbye(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Why did you choose a queue?",
        "You said goodbye to Kafka. Why was that?",
        "How would your class Goodbyes look?",
        "You measured it byte by byte. I see.",
        "The standby server took over.",
        "Let me say how the users of it said goodbye. " + "And now tell me of the next project, in some detail. " * 4,
        "Is there anything that you would like to ask before we say goodbye?",
        "Adiosoft is a fine name.",
    ],
)
def test_no_goodbye(text: str) -> None:
    assert not is_goodbye(text)
