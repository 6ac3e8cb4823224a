"""Which articles of the list a person has marked to do something with."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Picked:
    """The articles marked: `ids`, or, where `whole`, all that the query finds but these."""

    ids: set[str] = field(default_factory=set)
    whole: bool = False

    def holds(self, article: str) -> bool:
        """Whether `article` is marked."""
        return (article in self.ids) != self.whole

    def count(self, total: int) -> int:
        """How many are marked of the `total` that the query finds."""
        return max(0, total - len(self.ids)) if self.whole else len(self.ids)

    def toggle(self, article: str) -> None:
        """Mark `article`, or take its mark off."""
        self.ids ^= {article}

    def toggle_all(self) -> None:
        """Mark everything; where that is so, nothing."""
        self.whole = not (self.whole and not self.ids)
        self.ids.clear()

    def request(self, text: str) -> Mapping[str, object]:
        """How the engine is told which articles of the query `text` are meant."""
        if self.whole:
            return {"query": text, "typing": True, "except": sorted(self.ids)}
        return {"articles": sorted(self.ids)}
