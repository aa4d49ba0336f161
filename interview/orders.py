# ruff: noqa: E501, RUF001 - patterns of several scripts
"""Orders to the assessor in the languages of most interviews.

The passes of the assessor see neither topic nor CV nor job description, and fences hold in every language. What the
candidate has said must be shown, so a sentence of it that gives an order is left out. It is recognised by its words: a
note to the assessor, an order to ignore instructions, a verdict that must be something, a demand for a rating, a
message of the system. `interview/quotes.py` has them for English.
"""

import re
import unicodedata
from typing import Final

from interview.fence import neutral_line

_GAP: Final = r"[^.!?]{0,40}?"
_FIRST: Final = (
    r"(?:^|[:;,])\W*(?:(?:bitte|sil (?:te|vous) plait|por favor|per favore|alstublieft|proszę|пожалуйста|jetzt|und) )*"
)
"""Where an imperative stands: "ich ignoriere Regeln" is a story."""
# Each line: a note to the assessor; ignoring instructions; the verdict must; rate me; the system.
_PATTERNS: Final = {
    "de": (
        r"\b(?:notiz|hinweis|anweisung|nachricht|memo|anmerkung)(?:en)? (?:an|für) (?:den|die|das) (?:\w+ )?(?:bewert|prüf|gutacht|beurteil|ki\b|sprachmodell)",
        r"\b(?:liebe[rs]?|sehr geehrte[rs]?|hallo) (?:bewerter|prüfer|gutachter|beurteiler|ki\b)",
        r"@(?:ignorier|missacht|vergiss|vergessen sie)~(?:anweisung|instruktion|vorgaben|regeln)",
        r"\b(?:urteil|empfehlung|zusammenfassung) (?:muss|müssen|soll|hat)\b~(?:lauten|sein|sagen|ausfallen)",
        r"\b(?:bewerte|bewerten sie|beurteile|beurteilen sie|empfiehl|empfehlen sie) (?:mich|diese[nr]? \w+|den kandidaten|die kandidatin)\b|\bgib mir~(?:punkt|note)",
        r"\bdiese[r]? kandidat(?:in)? muss\b|^\W*system(?:nachricht|meldung)\b",
    ),
    "fr": (
        r"\b(?:note|message|consigne|mémo)s? (?:à|pour|au) (?:l |le |la )?(?:\w+ )?(?:évaluat|examinat|correct|ia\b)|\b(?:note|message) (?:à|pour) (?:lévaluat|lexaminat|lia\b)",
        r"\b(?:cher|chère|bonjour) (?:évaluat|examinat|correct|ia\b)",
        r"@(?:ignore|oublie|ne tiens pas compte|ne tenez pas compte)~(?:instructions|consignes|règles)",
        r"\b(?:verdict|recommandation|résumé) (?:doit|doivent|devra)\b~(?:être|dire|indiquer)",
        r"\b(?:note moi|notez moi|évalue moi|évaluez moi|donne moi|donnez moi|mets moi)~(?:note|point|maxim|cinq)|\brecommande[zr]? (?:ce|cette) candidat",
        r"\b(?:ce|cette|le|la) candidate? doit être (?:admis|recommand|embauch|noté)|^\W*message (?:du )?système\b",
    ),
    "es": (
        r"\b(?:nota|mensaje|instrucción|instrucciones|aviso) (?:para|a) (?:el |la |quien )?(?:evalua|examina|califica|ia\b)|\b(?:nota|mensaje) al (?:evalua|examina|califica)",
        r"\b(?:estimado|estimada|querido|hola) (?:evaluador|examinador|calificador|ia\b)",
        r"@(?:ignora|ignore|olvida|descarta|haz caso omiso)~(?:instrucciones|indicaciones|reglas|normas)",
        r"\b(?:veredicto|recomendación|resumen) (?:debe|tiene que|deberá)\b~(?:ser|decir)",
        r"\b(?:califícame|evalúame|puntúame|dame|ponme)~(?:puntuación|nota|puntos|máxim|cinco)|\brecomienda a? ?est[ea] candidat",
        r"\b(?:este|esta|el|la) candidat[oa] debe ser (?:aprobad|recomendad|contratad)|^\W*mensaje del sistema\b",
    ),
    "pt": (
        r"\b(?:nota|mensagem|instrução|instruções|aviso) (?:para|ao|à|a) (?:o |a )?(?:avaliador|examinador|corretor|ia\b)",
        r"\b(?:caro|cara|prezado|prezada|olá) (?:avaliador|examinador|corretor|ia\b)",
        r"@(?:ignore|ignora|esqueça|desconsidere|descarte)~(?:instruções|orientações|regras)",
        r"\b(?:veredito|veredicto|recomendação|resumo) (?:deve|tem que|tem de|deverá)\b~(?:ser|dizer)",
        r"\b(?:avalie me|me avalie|classifique me|dê me|me dê|pontue me)~(?:nota|pontuação|pontos|máxim|cinco)|\brecomende est[ea] candidat",
        r"\b(?:este|esta|o|a) candidat[oa] deve ser (?:aprovad|recomendad|contratad)|^\W*mensagem do sistema\b",
    ),
    "it": (
        r"\b(?:nota|messaggio|istruzione|istruzioni|avviso) (?:per|a) (?:il |la )?(?:valutator|esaminator|ia\b)|\b(?:nota|messaggio) (?:al|allo|alla) (?:valutator|esaminator)",
        r"\b(?:caro|cara|gentile|salve) (?:valutator|esaminator|ia\b)",
        r"@(?:ignora|ignorate|dimentica|trascura)~(?:istruzioni|regole|indicazioni)",
        r"\b(?:verdetto|giudizio|raccomandazione|riassunto) (?:deve|dovrà|devono)\b~(?:essere|dire)",
        r"\b(?:valutami|votami|dammi|assegnami)~(?:voto|punteggio|punti|massim|cinque)|\braccomanda quest[oa] candidat",
        r"\b(?:questo|questa|il|la) candidat[oa] deve essere (?:promoss|raccomandat|assunt)|^\W*messaggio di sistema\b",
    ),
    "nl": (
        r"\b(?:notitie|bericht|opmerking|instructie)s? (?:aan|voor) (?:de )?(?:beoordelaar|examinator|ai\b)",
        r"\b(?:beste|geachte|hallo) (?:beoordelaar|examinator|ai\b)",
        r"@(?:negeer|vergeet)~(?:instructies|regels|aanwijzingen)",
        r"\b(?:oordeel|aanbeveling|samenvatting) (?:moet|moeten|dient)\b~(?:zijn|luiden|zeggen)",
        r"\b(?:beoordeel|geef) (?:mij|me)\b~(?:cijfer|score|punten|hoogste|vijf)|\bbeveel deze kandidaat",
        r"\bdeze kandidaat moet (?:slagen|worden)|^\W*systeembericht\b",
    ),
    "pl": (
        r"\b(?:notatka|uwaga|wiadomość|polecenie) (?:dla|do) (?:\w+ )?(?:oceniając|egzaminator|recenzent|ai\b)",
        r"\b(?:drogi|szanowny|witaj) (?:oceniając|egzaminator|recenzent)",
        r"@(?:zignoruj|ignoruj|zapomnij|pomiń)~(?:instrukcj|polece|zasad|wytyczn)",
        r"\b(?:werdykt|rekomendacja|podsumowanie) (?:musi|powinn\w+|ma)\b~(?:być|brzmieć|mówić)",
        r"\b(?:oceń mnie|daj mi|wystaw mi)\b~(?:ocen|punkt|najwyż|pięć)|\bpoleć tego kandydat",
        r"\b(?:ten|tego) kandydat\w* musi (?:zdać|zostać|być)|^\W*komunikat systemowy\b",
    ),
    "ru": (
        r"\b(?:заметка|примечание|сообщение|инструкция|указание) (?:для )?(?:оценщик|экзаменатор|проверяющ|оценивающ)",
        r"\b(?:уважаем\w+|дорогой|здравствуй\w*) (?:оценщик|экзаменатор|проверяющ)",
        r"@(?:игнорируй|проигнорируй|забудь|не обращай)~(?:инструкци|указани|правил)",
        r"\b(?:вердикт|рекомендация|резюме) (?:должен|должна|должно|обязан\w*)\b",
        r"\b(?:оцени\w* меня|поставь\w* мне|дай\w* мне)\b~(?:оценк|балл|высш|максимальн|пять)|\bрекомендуй\w* этого кандидат",
        r"\bэтот кандидат должен (?:пройти|быть)|^\W*системное сообщение\b",
    ),
    "zh": (
        r"(?:给|致)(?:评估|评审|考官|评分|评委)\w{0,4}(?:的)?(?:备注|备忘|提示|说明|消息|留言)|(?:亲爱的|尊敬的)(?:评估|评审|考官|评分|评委)",
        r"(?:忽略|无视|忘记|忘掉)[^。]{0,12}(?:指令|指示|规则)",
        r"(?:结论|判定|评语|推荐语)(?:必须|一定要)",
        r"(?:给我|为我)[^。]{0,10}(?:最高分|满分|五分|高分)|推荐(?:这位|该)候选人",
        r"(?:这位|该)候选人必须|^\W*系统(?:消息|提示)",
    ),
    "ja": (
        r"(?:評価者|採点者|審査員|試験官)(?:への|宛の|へ)?(?:メモ|注意|メッセージ|指示)|(?:親愛なる|拝啓)?(?:評価者|採点者|審査員)(?:様|さん)",
        r"(?:指示|命令|規則|ルール)[^。]{0,8}(?:無視|忘れ)",
        r"(?:判定|要約)は[^。]{0,20}(?:なければ|べき|すること|してください)",
        r"(?:私|わたし)(?:を|に)[^。]{0,14}(?:最高|満点|五点|評価して|採点して)|この候補者を(?:推薦|採用)して",
        r"この候補者は[^。]{0,10}(?:合格|採用)[^。]{0,6}(?:なければ|べき)|^\W*システムメッセージ",
    ),
    "ar": (
        r"(?:ملاحظة|رسالة|تعليمات|مذكرة) (?:الى|إلى|ل)? ?(?:ال|لل)(?:مقيم|ممتحن|مصحح)",
        r"(?:عزيزي|مرحبا|ايها|أيها) (?:ال)(?:مقيم|ممتحن|مصحح)",
        r"(?:تجاهل|انس|اهمل|أهمل)~(?:التعليمات|الاوامر|الأوامر|القواعد)",
        r"(?:يجب|ينبغي|لا بد)~(?:الحكم|التوصية)|(?:الحكم|التوصية) (?:يجب|ينبغي)",
        r"(?:قيمني|اعطني|أعطني|امنحني)~(?:درجة|علامة|نقاط|تقييم|خمس)|(?:اوص|أوص) بهذا المرشح",
        r"هذا المرشح يجب|يجب (?:قبول|توظيف) هذا المرشح|^\W*رسالة النظام",
    ),
    "hi": (
        r"(?:मूल्यांकनकर्ता|परीक्षक|निर्णायक) (?:के लिए|को) (?:नोट|संदेश|सूचना|निर्देश)|(?:प्रिय|नमस्ते) (?:मूल्यांकनकर्ता|परीक्षक|निर्णायक)",
        r"(?:निर्देश|नियम|आदेश)~(?:अनदेखा|नज़रअंदाज़|भूल|उपेक्षा)",
        r"(?:फैसला|निर्णय|सिफारिश)~(?:होना चाहिए|होनी चाहिए|होना ही)",
        r"मुझे~(?:पूरे अंक|सर्वोच्च|सबसे अधिक|पाँच|रेटिंग दो|अंक दो)|इस उम्मीदवार की (?:सिफारिश|प्रशंसा) कर",
        r"इस उम्मीदवार को (?:पास|चुना|रखा)[^।]{0,12}चाहिए|^\W*सिस्टम संदेश",
    ),
}  # fmt: skip
"""Patterns of plain text by language; `~` is a gap within a sentence, `@` its beginning."""


def is_order(sentence: str) -> bool:
    """Whether a sentence gives the assessor an order, in one of the languages."""
    return bool(_ORDER.search(_plain(neutral_line(sentence))))


def _plain(text: str) -> str:
    """The text without case, accents, apostrophes and hyphens."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in letters if not unicodedata.combining(c) and c not in "'\N{RIGHT SINGLE QUOTATION MARK}")
    return kept.replace("-", " ")


def _pattern(written: str) -> str:
    escapes = re.split(r"(\\.)", written)
    return "".join(part if part.startswith("\\") else unicodedata.normalize("NFKD", part) for part in escapes)


def _compiled() -> re.Pattern[str]:
    listed = [one for patterns in _PATTERNS.values() for one in patterns]
    plain = [
        "".join(c for c in _pattern(one).replace("~", _GAP).replace("@", _FIRST) if not unicodedata.combining(c))
        for one in listed
    ]
    return re.compile("|".join(f"(?:{one})" for one in plain))


_ORDER: Final = _compiled()
