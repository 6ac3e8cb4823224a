"""Which language a text is in: script first, then py3langid among that script's languages."""

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from index.language.close import model_of
from index.language.codes import UNKNOWN, normalise
from index.text.scripts import LANGUAGES, ONLY, is_traditional, script_of, scripts, unmixed

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SAMPLE = 1200
_WINDOW = 400
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|\d+")
_LATIN_NAMES = re.compile(r"\b[A-Z][A-Za-z\u00c0-\u024f]*")
_LEAST = {"Hani": 3, "Hang": 3, "Kana": 3}
_LEAST_LETTERS = 12
_LEAST_SHARE = 0.65
_WEIGHTS = {"Hani": 3, "Hang": 3, "Kana": 2}
_LEAST_SURE = 0.12
_CLOSE = (("sr", "hr", "bs"), ("id", "ms"), ("no", "nn", "da"), ("cs", "sk"), ("pt", "gl", "es"))
_OURS = {"no": "nb", "tl": "fil"}
_TWINS = {"rw": 0.8, "am": 0.8}
"""Languages with a near twin that the model does not know (Kirundi, Tigrinya): the surest to be."""
_TIGRINYA, _AMHARIC = "\u12a3", "\u12a0"
"""The same letter, which either language writes in its own form in most sentences."""
_PIDGIN = re.compile(r"(?i)\b(?:dey|wey|dem|di|wetin|sey|dia|pipo|dis|una|oga|abeg|don)\b")
_PIDGIN_SHARE = 0.06


def detect(text: str, stated: str | None = None) -> tuple[str, float]:
    """The language of `text` as a Babel locale identifier, and how probable it is (0 to 1).

    "und" where the text is too short, mixed, or like no language of news. A `stated` language is
    believed unless the text is in a script which that language is not written in.
    """
    sample = _sample(text)
    counts = scripts(sample)
    script, letters = _main_script(sample, counts)
    claimed = normalise(stated) if stated else None
    if claimed and claimed != UNKNOWN and _may_be(claimed, script, letters):
        return _in_script(claimed, script, sample), 1.0
    if not script:
        return UNKNOWN, 0.0
    if script in ONLY:
        enough = letters >= _LEAST.get(script, 4)
        return (ONLY[script], 1.0) if enough else (UNKNOWN, 0.0)
    if script not in LANGUAGES or letters < _LEAST.get(script, _LEAST_LETTERS):
        return UNKNOWN, 0.0
    if len(counts) > 1:
        sample = _letters(sample, script)
    language, probability = _rank(sample, script)
    if language == UNKNOWN:
        return UNKNOWN, probability
    return _in_script(language, script, sample), probability


def _sample(text: str) -> str:
    """At most some 1,200 characters: the beginning, the middle and the end."""
    if len(text) > _SAMPLE:
        middle = (len(text) - _WINDOW) // 2
        parts = (text[:_WINDOW], text[middle : middle + _WINDOW], text[-_WINDOW:])
        text = "\n".join(part.partition(" ")[2] or part for part in parts)
    return unmixed(_NO_WORDS.sub(" ", text))


def _main_script(sample: str, counts: Counter[str]) -> tuple[str, int]:
    """The script of most letters, and how many those are; "" where none prevails.

    A Chinese character or a Korean syllable counts for more letters: it says as much.
    """
    if len(counts) > 1 and counts["Latn"]:
        # Capitalised Latin words between others are names: they tell nothing of the language.
        names = sum(map(len, _LATIN_NAMES.findall(sample)))
        counts = Counter({**counts, "Latn": max(counts["Latn"] - names, 0)})
    weights = {name: count * _WEIGHTS.get(name, 1) for name, count in counts.items()}
    if weights.get("Kana") and weights["Kana"] * 12 >= weights.get("Hani", 0):
        weights["Kana"] += weights.pop("Hani", 0)
    total = sum(weights.values())
    if not total:
        return "", 0
    script = max(weights, key=lambda name: weights[name])
    if weights[script] < _LEAST_SHARE * total:
        return "", 0
    return script, counts[script] + (counts.get("Hani", 0) if script == "Kana" else 0)


def _may_be(language: str, script: str, letters: int) -> bool:
    """Whether a text mostly in `script` can be in `language`."""
    if not script or letters < _LEAST_LETTERS:
        return True
    from babel.localedata import exists  # noqa: PLC0415

    base = language.split("_", maxsplit=1)[0]
    written = {name for name, only in ONLY.items() if only == base}
    written |= {
        name
        for name, languages in LANGUAGES.items()
        if base in {_OURS.get(code, code) for code in languages.split()}
    }
    written |= {"ja": {"Hani"}, "ko": {"Hani"}, "sr": {"Latn"}}.get(base, set())
    # Babel also knows languages in a script that is not their usual one: uz_Cyrl, kk_Arab.
    return not written or script in written or exists(f"{base}_{script}")


def _in_script(language: str, script: str, sample: str) -> str:
    """The identifier with its script, where we tell scripts apart."""
    if language.split("_", maxsplit=1)[0] == "sr":
        return {"Latn": "sr_Latn", "Cyrl": "sr"}.get(script, language)
    if language == "zh" and script == "Hani" and is_traditional(sample):
        return "zh_Hant"
    return language


def _rank(sample: str, script: str) -> tuple[str, float]:
    ranked = _identifier().rank(sample)
    allowed = set(LANGUAGES[script].split())
    fit = [(language, score) for language, score in ranked if language in allowed]
    total = sum(score for _, score in fit)
    if not total:
        return UNKNOWN, 0.0
    language, score = fit[0]
    group = next((group for group in _CLOSE if language in group), (language,))
    together = sum(score for name, score in fit if name in group) / total
    if together < _LEAST_SURE:
        return UNKNOWN, float(score / total)
    if script == "Ethi" and sample.count(_TIGRINYA) > sample.count(_AMHARIC):
        return "ti", _TWINS["am"]
    if language == "en" and _is_pidgin(sample):
        return "pcm", float(score / total)
    model = model_of(language) if script == "Latn" else None
    if model is not None:
        near = model.probabilities(sample)
        language = max(near, key=lambda name: near[name])
        return language, float(together * near[language])
    sure = min(float(score / total), _TWINS.get(language, 1.0))
    return _OURS.get(language, language), sure


def _is_pidgin(sample: str) -> bool:
    """Whether English is Nigerian Pidgin: py3langid takes them for one."""
    return len(_PIDGIN.findall(sample)) > max(2, _PIDGIN_SHARE * len(sample.split()))


def _letters(sample: str, script: str) -> str:
    """The sample without words in other scripts, which would only mislead."""
    kept = [
        word for word in sample.split() if all(script_of(char) in ("", script) for char in word)
    ]
    return " ".join(kept) if kept else sample


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    """py3langid's model, restricted to languages of news: 2 s and 100 MB, once a process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    wanted = {language for names in LANGUAGES.values() for language in names.split()}
    identifier.set_languages(sorted(wanted & set(identifier.labels)))
    return identifier
