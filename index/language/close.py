"""Telling apart languages that are nearly one: Serbian, Croatian, Bosnian; Indonesian, Malay.

A naive Bayes over words, beginnings of words and runs of 2 to 5 letters. The weights are trained
by tools/train_language.py, which also says where they come from.
"""

import json
import lzma
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import assets

_WORD = re.compile(r"[^\W\d_]+")
_RUNS = range(2, 6)
_BEGINNINGS = range(4, 10)
_OFTEN = 9
"""Occurrences of a feature beyond which it says no more."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of features for each of `languages`; `scale` makes a score a log-probability."""

    languages: tuple[str, ...]
    scale: float
    weights: dict[str, tuple[float, ...]]

    def probabilities(self, text: str) -> dict[str, float]:
        """How probable each language is, given that `text` is in one of them."""
        scores = [0.0] * len(self.languages)
        counts = features(text)
        for feature, count in counts.items():
            for index, weight in enumerate(self.weights.get(feature, ())):
                scores[index] += math.sqrt(min(count, _OFTEN)) * weight
        # The root makes long texts, whose features are not independent, as sure as they should be.
        scale = self.scale / math.sqrt(sum(counts.values()) or 1)
        best = max(scores)
        exps = [math.exp((score - best) * scale) for score in scores]
        return {
            language: value / sum(exps)
            for language, value in zip(self.languages, exps, strict=True)
        }


def features(text: str) -> Counter[str]:
    """What the model looks at, and how often `text` has it: =word, ^beginning, runs of letters."""
    found: Counter[str] = Counter()
    for word, count in Counter(_WORD.findall(text.lower())).items():
        found["=" + word[:32]] += count
        for length in _BEGINNINGS:
            if length <= len(word):
                found["^" + word[:length]] += count
        padded = f" {word[:64]} "
        for length in _RUNS:
            for at in range(len(padded) - length + 1):
                found[padded[at : at + length]] += count
    return found


@lru_cache(maxsize=1)
def models() -> tuple[Model, ...]:
    """The trained models, read once a process (some 50 ms)."""
    with lzma.open(assets.CLOSE_LANGUAGES, "rt", encoding="utf-8") as file:
        groups = json.load(file)
    return tuple(
        Model(
            tuple(group["languages"]),
            group["scale"],
            {feature: tuple(values) for feature, values in group["weights"].items()},
        )
        for group in groups
    )


def model_of(language: str) -> Model | None:
    """The model that tells `language` (without script) from its nearest, if there is one."""
    return next((model for model in models() if language in model.languages), None)
