"""Correcting an article's language, so that its words are understood as what they are."""

from index.archive import Archive
from index.errors import NewsreaderError
from index.language import detect, normalise, suggest
from index.text.safe import safe_line


def correct_language(archive: Archive, name: str, language: str | None) -> tuple[str, bool]:
    """Say which language the article `name` is in, None: as detected. Its language, and if new.

    What a reader said holds for ever, also when the article is imported again. Raises
    NotFoundError for an unknown article, NewsreaderError for an unknown language.
    """
    key = archive.catalog.find(name)
    if language is None:
        article = archive.catalog.get(key).article
        cleaned = article.cleaned
        text = "\n".join(cleaned.body) or "\n".join(block.text for block in cleaned.blocks)
        told = f"{cleaned.title or ''}\n{text}"
        code, sure = detect(told, article.document.stated.language)
    else:
        code, sure = _known(language), 1.0
    changed = archive.catalog.languages.put(key, code, sure, by_reader=language is not None)
    archive.catch_up()
    return code, changed


def _known(language: str) -> str:
    code = normalise(language)
    if code is not None:
        return code
    meant = suggest(language)
    if meant:
        raise NewsreaderError(
            "There is no language “{value}”. Did you mean “{suggestion}”?",
            value=safe_line(language)[:64],
            suggestion=meant,
        )
    raise NewsreaderError("There is no language “{value}”.", value=safe_line(language)[:64])
