"""Failures that newsreader expects, each with a sentence a person can act on.

    NewsreaderError
    ├── SourceError      an item could not be read: carried as a value, never ends a batch
    ├── QueryError       a query says something impossible; `at`..`end` is the wrong part
    ├── NotFoundError    no article has that id
    └── ArchiveError     the archive cannot be used as asked
        ├── ArchiveLockedError   another newsreader is writing to it
        └── DamagedError         a part of it is not what was written there

The message is a template and its values, so that an interface can translate the template;
`str(error)` is the English sentence.
"""

from typing import ClassVar


class NewsreaderError(Exception):
    """Base of all expected failures. `kind` is the stable name other programs see."""

    kind: ClassVar[str] = "error"

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values) if self.values else self.template

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.template, self.values, dict(self.__dict__)))


def _rebuild(
    cls: type[NewsreaderError], template: str, values: dict[str, object], state: dict[str, object]
) -> NewsreaderError:
    """Undo pickling: errors cross process borders as values."""
    error = cls.__new__(cls)
    NewsreaderError.__init__(error, template, **values)
    error.__dict__.update(state)
    return error


class SourceError(NewsreaderError):
    """One item that could not be imported. `origin` names the file and item."""

    kind = "source"

    def __init__(self, origin: str, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.origin = origin


class QueryError(NewsreaderError):
    """A query that cannot be understood; characters `at` to `end` of it are the wrong part."""

    kind = "query"

    def __init__(self, template: str, *, at: int, end: int, **values: object) -> None:
        super().__init__(template, **values)
        self.at = at
        self.end = end


class NotFoundError(NewsreaderError):
    """No article has the id asked for."""

    kind = "not-found"


class ArchiveError(NewsreaderError):
    """The archive is missing, damaged, full, or newer than this program."""

    kind = "archive"


class ArchiveLockedError(ArchiveError):
    """Another program is writing to the archive."""

    kind = "locked"


class DamagedError(ArchiveError):
    """A part of the catalog, or all of it, is not what was written there."""

    kind = "damaged"
