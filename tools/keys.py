"""Write the table of keys into the README, between its two comments."""

from pathlib import Path

from tui.keys import readme_table

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- keys: made by ./dev keys from tui/keys.py -->", "<!-- /keys -->"


def with_keys(readme: str) -> str:
    """`readme` with the present table of keys."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{readme_table()}{END}{after}"


if __name__ == "__main__":
    README.write_text(with_keys(README.read_text(encoding="utf-8")), encoding="utf-8")
