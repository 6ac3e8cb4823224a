"""Which language a text is in, and the names of languages."""
# ruff: noqa: E501  (a sentence a line)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language import detect, known, normalise, suggest

TEXTS = {
    "en": "The council decided on Tuesday to repair the old bridge before the winter storms begin.",
    "uk": "У вівторок міська рада вирішила відремонтувати старий міст, доки не почалися морози.",
    "ru": "Во вторник городской совет решил отремонтировать старый мост, пока не начались морозы.",
    "be": "У аўторак гарадскі савет вырашыў адрамантаваць стары мост, пакуль не пачаліся маразы.",
    "bg": "Във вторник градският съвет реши да ремонтира стария мост, преди да започнат студовете.",
    "sr": "Градско веће је у уторак одлучило да поправи стари мост пре него што почну мразеви.",
    "mk": "Градскиот совет во вторникот одлучи да го поправи стариот мост пред да почнат мразовите.",
    "de": "Der Stadtrat beschloss am Dienstag, die alte Brücke vor den Winterstürmen zu reparieren.",
    "fr": "Le conseil municipal a décidé mardi de réparer le vieux pont avant les tempêtes d'hiver.",
    "es": "El ayuntamiento decidió el martes reparar el viejo puente antes de las tormentas de invierno.",
    "pl": "Rada miasta postanowiła we wtorek naprawić stary most, zanim zaczną się zimowe burze.",
    "cs": "Městská rada se v úterý rozhodla opravit starý most dříve, než začnou zimní bouře.",
    "tr": "Belediye meclisi salı günü eski köprüyü kış fırtınaları başlamadan onarmaya karar verdi.",
    "fi": "Kaupunginvaltuusto päätti tiistaina korjata vanhan sillan ennen talvimyrskyjen alkua.",
    "ar": "قرر مجلس المدينة يوم الثلاثاء إصلاح الجسر القديم قبل أن تبدأ عواصف الشتاء.",
    "fa": "شورای شهر روز سه‌شنبه تصمیم گرفت پل قدیمی را پیش از آغاز توفان‌های زمستانی تعمیر کند.",
    "he": "מועצת העיר החליטה ביום שלישי לתקן את הגשר הישן לפני שיתחילו סערות החורף.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να επισκευάσει την παλιά γέφυρα.",
    "ka": "საკრებულომ სამშაბათს ძველი ხიდის შეკეთება გადაწყვიტა.",
    "hy": "Քաղաքային խորհուրդը երեքշաբթի որոշեց վերանորոգել հին կամուրջը։",
    "ja": "市議会は火曜日、冬の嵐が始まる前に古い橋を修理することを決めた。",
    "ko": "시의회는 화요일 겨울 폭풍이 시작되기 전에 오래된 다리를 수리하기로 했다.",
    "zh": "市议会星期二决定在冬季风暴开始之前修理那座旧桥。",
    "zh_Hant": "市議會星期二決定在冬季風暴開始之前修理那座舊橋。",
    "hi": "नगर परिषद ने मंगलवार को सर्दियों के तूफान से पहले पुराने पुल की मरम्मत करने का फैसला किया।",
    "th": "สภาเมืองตัดสินใจเมื่อวันอังคารที่จะซ่อมสะพานเก่าก่อนพายุฤดูหนาวจะเริ่มขึ้น",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_a_sentence_tells_its_language(language):
    found, probability = detect(TEXTS[language])
    assert found == language
    assert 0 < probability <= 1


def test_serbian_in_latin_letters_is_told_from_serbian_in_cyrillic():
    text = "Gradsko veće je u utorak odlučilo da popravi stari most pre nego što počnu mrazevi."
    assert detect(text, "sr")[0] == "sr_Latn"
    assert detect(TEXTS["sr"], "sr_Latn")[0] == "sr"


@pytest.mark.parametrize(
    "text",
    ["", "  \n ", "12 345", "OK", "https://example.org/a/b?c=d", "@a #b", "€ 5,00 → 7,00", "\x00\ufffd\udc80",
     "Слово and word мова and line ряд and text"],
)  # fmt: skip
def test_what_says_too_little_or_is_mixed_has_no_language(text):
    assert detect(text)[0] == "und"


def test_a_stated_language_is_believed_unless_the_script_contradicts_it():
    assert detect("Visit us", "cy") == ("cy", 1.0)
    assert detect(TEXTS["hi"], "mr") == ("mr", 1.0)
    assert detect(TEXTS["uk"], "en")[0] == "uk"
    assert detect(TEXTS["zh_Hant"], "zh-CN")[0] == "zh_Hant"
    assert detect(TEXTS["en"], "gibberish")[0] == "en"
    assert detect(TEXTS["en"], "")[0] == "en"


def test_names_in_another_script_do_not_mislead():
    text = (
        "Компанія OpenBridge Ltd і фонд Riverside Trust підписали угоду про ремонт старого мосту."
    )
    assert detect(text)[0] == "uk"


def test_only_a_sample_of_a_long_text_is_read():
    assert detect(TEXTS["uk"] * 20_000)[0] == "uk"
    assert detect("а" * 1_000_000)[0] is not None


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("en-GB", "en"), ("EN", "en"), ("en_US.UTF-8", "en"), ("ukr", "uk"), ("Ukrainian", "uk"),
        ("українська", "uk"), ("Deutsch", "de"), ("zh-TW", "zh_Hant"), ("zh-Hant-HK", "zh_Hant"),
        ("zh-CN", "zh"), ("zh-Hans", "zh"), ("cmn", "zh"), ("iw", "he"), ("no", "nb"), ("nob", "nb"),
        ("nn", "nn"), ("sh", "sr_Latn"), ("sr-Latn-RS", "sr_Latn"), ("sr-ME", "sr_Latn"),
        ("sr_Cyrl", "sr"), ("sr", "sr"), ("tl", "fil"), ("in", "id"), ("pt_BR", "pt"), ("mul", "und"),
        ("und", "und"), ("klingon", None), ("", None), ("xx", None), ("e", None), ("12", None),
    ],
)  # fmt: skip
def test_names_of_languages_are_made_ours(written, ours):
    assert normalise(written) == ours
    assert known(written) == (ours is not None)


def test_an_unknown_language_is_answered_with_the_nearest():
    assert suggest("ua") == "uk"
    assert suggest("jp") == "ja"
    assert suggest("ukranian") == "uk"
    assert suggest("Espanol") == "es"
    assert suggest("qqqqqq") is None
    assert suggest("") is None


@given(st.text(max_size=300), st.none() | st.text(max_size=12))
@settings(deadline=None, max_examples=60)
def test_any_text_has_a_language_we_know(text, stated):
    language, probability = detect(text, stated)
    assert known(language)
    assert 0 <= probability <= 1
