"""The numbers in a sentence, in figures and in words, by their value: `40`, `forty` and `40.0` are one number."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from interview.assessment.script import spaced_only

_FIGURES: Final = re.compile(
    r"(?<![^\W_])(\d+(?:[.,'\N{RIGHT SINGLE QUOTATION MARK}]\d+)*)[ \t]?(k|m|bn|x|st|nd|rd|th)?(?![^\W_])",
    re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,'\N{RIGHT SINGLE QUOTATION MARK}]\d{3})+")
_SUFFIXES: Final = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}
_HAN: Final = re.compile("[二三四五六七八九十百千万億亿两]{2,}")
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_WORDS: Final = {
    "en": """
        zero=0 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13
        fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40
        fifty=50 sixty=60 seventy=70 eighty=80 ninety=90
    """,
    "de": """
        zwei=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwölf=12 dreizehn=13
        vierzehn=14 fünfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20 dreißig=30
        vierzig=40 fünfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 hundert=100 zweihundert=200
        tausend=1000
    """,
    "fr": """
        deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 quinze=15 vingt=20
        trente=30 quarante=40 cinquante=50 soixante=60 cent=100 mille=1000
    """,
    "es": """
        dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 quince=15
        veinte=20 veinti=20 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 cien=100
        ciento=100 mil=1000
    """,
    "it": """
        due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 nove=9 dieci=10 undici=11 dodici=12 quindici=15 venti=20
        trenta=30 quaranta=40 cinquanta=50 sessanta=60 settanta=70 ottanta=80 novanta=90 cento=100 mille=1000
    """,
    "pt": """
        dois=2 duas=2 três=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11 doze=12 quinze=15
        vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 cem=100
        cento=100 mil=1000
    """,
    "nl": """
        twee=2 drie=3 vier=4 vijf=5 zes=6 zeven=7 acht=8 negen=9 tien=10 elf=11 twaalf=12 vijftien=15
        twintig=20 dertig=30 veertig=40 vijftig=50 zestig=60 zeventig=70 tachtig=80 negentig=90 honderd=100
        duizend=1000
    """,
    "tr": """
        iki=2 üç=3 dört=4 beş=5 alt\u0131=6 yedi=7 sekiz=8 dokuz=9 yirmi=20 otuz=30 k\u0131rk=40 elli=50
        altm\u0131ş=60 yetmiş=70 seksen=80 doksan=90 yüz=100
    """,
    "id": "dua=2 tiga=3 empat=4 lima=5 enam=6 tujuh=7 delapan=8 sembilan=9 sepuluh=10 sebelas=11 seratus=100",
    "vi": "hai=2 ba=3 bốn=4 sáu=6 bảy=7 tám=8 chín=9 mười=10 mươi=10 trăm=100 nghìn=1000 ngàn=1000",
}
_VALUES: Final = {
    language: {word: int(value) for word, value in (pair.split("=") for pair in listed.split())}
    for language, listed in _WORDS.items()
}
_STEMS: Final = {
    "ru": """
        двадцат=20 тридцат=30 сорок=40 пятьдесят=50 пятидесят=50 шестьдесят=60 шестидесят=60 семьдесят=70 семидесят=70
        восемьдесят=80 восьмидесят=80 девяност=90 сотн=100 двести=200 тысяч=1000 миллион=1000000 десят=10 пятнадцат=15
        двенадцат=12 одиннадцат=11
    """,
    "pl": """
        dwadzieścia=20 dwudziest=20 trzydzieści=30 trzydziest=30 czterdzie=40 pięćdziesi=50 sześćdziesi=60
        siedemdziesi=70 osiemdziesi=80 dziewięćdziesi=90 dziesięć=10 dziesięci=10 dwanaście=12 piętnaście=15 tysiąc=1000
        tysięc=1000 milion=1000000
    """,
}
"""How number words begin in languages that inflect them. Elsewhere in a sentence hardly a word begins so."""
_STEM_VALUES: Final = {
    language: {stem: int(value) for stem, value in (pair.split("=") for pair in listed.split())}
    for language, listed in _STEMS.items()
}
_LINKS: Final = {"de": ("und", ""), "nl": ("en", "ën", ""), "it": ("",), "es": ("i", "")}
"""What links the parts of a number that is one word: `vijfenveertig`, `quarantacinque`, `veintisiete`."""
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SCALED: Final = re.compile(rf"(\d+(?:[.,]\d+)*) ({'|'.join(_SCALES)})\b", re.IGNORECASE)
_UNIT_WORDS: Final = """
percent per second seconds minute minutes hour hours day days week weeks month months year years engineer person server
million thousand hundred billion dollar euro employee customer user team
"""
_UNITS: Final = frozenset(_UNIT_WORDS.split())
"""`one` before these is a number; elsewhere it is `one of` or `one example`."""
_QUANTITIES: Final = (
    "half", "halv", "third", "quarter", "fifth", "tenth", "doubl", "tripl", "quadrupl", "twice", "dozen",
    "hundreds", "thousands", "millions", "billions",
)  # fmt: skip
"""How words begin that are quantities without a value of their own."""
_TENS: Final = 20
_HUNDRED: Final = 100
_THOUSAND: Final = 1_000


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written, with its possible values: `1.500` is 1500 or 1.5. A version, `1.2.3`, is text."""

    text: str
    values: frozenset[float | str]


def numbers(text: str, language: str) -> list[Number]:
    """All numbers of a text: in figures, in English words, and the common ones in words of the language."""
    text = unicodedata.normalize("NFKC", text)
    found = list(_scaled(text))
    unspaced, text = text, spaced_only(_SCALED.sub(" ", text))
    found += [_figures(one) for one in _FIGURES.finditer(text)]
    tokens = _TOKEN.findall(text.casefold())
    found += [*_english(tokens), *_listed(tokens, language)]
    found += [Number(token, frozenset((_quantity(token),))) for token in tokens if _quantity(token)]
    found += [Number(run, frozenset((run,))) for run in _HAN.findall(unspaced)]
    return found


def _figures(found: re.Match[str]) -> Number:
    digits, suffix = found[1], (found[2] or "").lower()
    times = _SUFFIXES.get(suffix, 1)
    return Number(
        found[0].strip(), frozenset(value if isinstance(value, str) else value * times for value in _read(digits))
    )


def _read(digits: str) -> set[float | str]:
    values: set[float | str] = set()
    if _GROUPED.fullmatch(digits):
        values.add(float(re.sub(r"\D", "", digits)))
    try:
        values.add(float(digits.replace(",", ".")))
    except ValueError:
        if not values:
            values.add(digits)
    return values


def _scaled(text: str) -> Iterator[Number]:
    """Figures with a scale in words: `40 thousand`."""
    for found in _SCALED.finditer(text):
        scale = _SCALES[found[2].lower()]
        yield Number(found[0], frozenset(value * scale for value in _read(found[1]) if isinstance(value, float)))


def _english(tokens: list[str]) -> list[Number]:
    found: list[Number] = []
    run: list[str] = []
    for at, word in enumerate([*tokens, ""]):
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        if word in _VALUES["en"] or word in _SCALES or (word == "one" and (run or following in _UNITS)):
            run.append(word)
        elif run:
            found += _compound(run)
            run = []
    return found


def _compound(run: list[str]) -> list[Number]:
    """The numbers that a run of number words makes: `eighty seven` one, `two three` two."""
    found: list[Number] = []
    text: list[str] = []
    total, current, last = 0, 0, 0
    for token in run:
        value = _SCALES.get(token) or _VALUES["en"].get(token, 1)
        if token in _SCALES:
            current = max(1, current) * value
            if value > _HUNDRED:
                total, current = total + current, 0
        elif text and not (last >= _HUNDRED or (_TENS <= last < _HUNDRED and value < 10)):  # noqa: PLR2004 - a digit
            found.append(Number(" ".join(text), frozenset((float(total + current),))))
            text, total, current = [], 0, value
        else:
            current += value
        text.append(token)
        last = value
    return [*found, Number(" ".join(text), frozenset((float(total + current),)))]


def _listed(tokens: list[str], language: str) -> list[Number]:
    primary = language.split("-", maxsplit=1)[0].lower()
    known = {} if primary == "en" else _VALUES.get(primary, {})
    stems = _STEM_VALUES.get(primary, {})
    values = {token: _value(token, known, _LINKS.get(primary, ())) for token in tokens}
    values |= {token: stems[stem] for token in tokens for stem in stems if token.startswith(stem)}
    return [Number(token, frozenset((float(values[token]),))) for token in tokens if values[token]]


def _value(token: str, known: dict[str, int], links: Sequence[str]) -> int:
    """The value of a number word, also of one that is made of several; 0 for any other word."""
    if token in known:
        return known[token]
    for word, value in known.items():
        for link in links:
            rest = token.removeprefix(word + link)
            # Italian drops the last vowel before another: quarantotto.
            other = known.get(rest, 1 if rest in ("ein", "een", "uno") else 0) if rest != token else 0
            if not other and word.endswith(("a", "i")) and not link and token.startswith(word[:-1]):
                other = known.get(token.removeprefix(word[:-1]), 0)
            if other:
                return value * other if other in (_HUNDRED, _THOUSAND) and value < other else value + other
    return 1 + known[ten] if (ten := token.partition("und")[2]) in known and token.startswith("einund") else 0


def _quantity(token: str) -> str:
    return next((stem for stem in _QUANTITIES if token.startswith(stem)), "")
