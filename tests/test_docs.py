"""The documentation says what the program does."""

import re
from pathlib import Path

from tools.keys import with_keys
from tui.commands import VERBS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_the_keys_as_they_are():
    assert with_keys(README) == README, "run ./dev keys"


def test_every_verb_is_in_the_readme():
    for verb in VERBS:
        if verb != "engine":
            assert f"newsreader {verb}" in README or f"| {verb}" in README


def test_links_in_the_docs_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
