"""How far two words are apart, in edits."""


def edits_within(a: str, b: str, most: int) -> bool:
    """Whether at most `most` insertions, deletions, substitutions or swaps make `a` into `b`.

    Optimal string alignment: two neighbouring letters swapped are one edit.
    """
    if abs(len(a) - len(b)) > most:
        return False
    if a == b:
        return True
    a, b = _trimmed(a, b)
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            best = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 1)
            current[j] = best
        if min(current) > most:
            return False
        before, previous = previous, current
    return previous[-1] <= most


def _trimmed(a: str, b: str) -> tuple[str, str]:
    """Both words without what they begin and end alike."""
    shorter = min(len(a), len(b))
    start = 0
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]
