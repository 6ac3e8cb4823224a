"""What is shipped: a wheel that works by itself, and names that are ours alone."""

import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_the_three_names_are_ours_alone():
    owners = packages_distributions()
    for name in ("index", "tui", "assets"):
        assert set(owners.get(name, ["newsreader-tui"])) == {"newsreader-tui"}


def test_no_file_names_a_host_of_a_package_registry():
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text()


@pytest.mark.slow
def test_the_wheel_holds_all_it_needs(tmp_path):
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    wheel = tmp_path / done.stdout.strip().splitlines()[-1]
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    assert {"assets/newsreader.tcss", "assets/locale/uk/LC_MESSAGES/newsreader.mo"} <= names
    assert "index/catalog/schema.sql" in names
    assert not any(name.startswith(("tests/", "tools/")) for name in names)
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "from tui.__main__ import main; sys.exit(main())"
    )
    arguments = [str(tmp_path / "site"), "--archive", str(tmp_path / "a"), "stats"]
    command = [sys.executable, "-I", "-c", code, *arguments]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
