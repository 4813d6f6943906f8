"""`oneveto check`: what is fine, a claim that fails, and every problem by the name of its file."""

from __future__ import annotations

from tests.test_cli import FLAGSHIP, oneveto


def test_one_claim_is_not_many(empty_folder, capsys):
    oneveto("new", "mine", "--members", "POL", capsys=capsys)
    found = oneveto("check", "mine.toml", capsys=capsys)[1]
    assert found == "mine.toml: fine; 2 clauses, 1 member, 1 claim\n"


def test_a_claim_says_under_what_it_is_measured(capsys):
    out = oneveto("check", FLAGSHIP, "--claims", "--worlds", 256, capsys=capsys)[1]
    said = " ".join(out.split())
    assert "no member supports them. (Measured in the central world.)" in said
    assert (
        "A majority would take what four members kill ... (Measured with rule = majority.)" in said
    )


def test_a_claim_that_fails_is_exit_code_one(empty_folder, capsys):
    oneveto("new", "mine", capsys=capsys)
    text = (
        (empty_folder / "mine.toml").read_text("utf-8").replace("at_least = 0.9", "at_most = 0.1")
    )
    (empty_folder / "mine.toml").write_text(text, "utf-8")
    code, out, _ = oneveto("check", "mine.toml", "--claims", capsys=capsys)
    assert code == 1
    assert "fails" in out


def test_every_file_is_checked_and_every_problem_bears_its_name(empty_folder, capsys):
    oneveto("new", "mine", capsys=capsys)
    fine = (empty_folder / "mine.toml").read_text("utf-8")
    for name in ("one", "two"):
        (empty_folder / name).mkdir()
        broken = fine.replace("value = 0.3,", "value = 3.0,", 1)
        (empty_folder / name / "x.toml").write_text(broken, "utf-8")
    failing = fine.replace("at_least = 0.9", "at_most = 0.1")
    (empty_folder / "fails.toml").write_text(failing, "utf-8")
    files = ("one/x.toml", "fails.toml", "mine.toml", "two/x.toml")
    options = ("--claims", "--worlds", 100)
    code, out, err = oneveto("check", *files, *options, capsys=capsys)
    assert code == 2
    assert "mine.toml: fine" in out
    assert err.splitlines() == [
        "fails.toml: 1 of the measured claims failed",
        "one/x.toml: assumptions.cohesion is 3; it must lie between 0 and 1",
        "two/x.toml: assumptions.cohesion is 3; it must lie between 0 and 1",
    ]
