"""Reading CSV and TSV files."""

from pathlib import Path

import pytest

from ingest.tables import read_table
from workbench.errors import IngestError


def _write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"qid,label\nQ1,Caf\xc3\xa9\n",
        b"\xef\xbb\xbfqid,label\r\nQ1,Caf\xc3\xa9\r\n",
        b"QID , Label\rQ1, Caf\xc3\xa9 \r",
        b"qid\tlabel\nQ1\tCaf\xc3\xa9",
        b'qid;label\n"Q1";"Caf\xc3\xa9"\n\n;\n',
        b"label,more,qid\nCaf\xc3\xa9,,Q1\n",
    ],
    ids=["plain", "BOM and CRLF", "CR and spaces", "tabs", "semicolons", "other order"],
)
def test_forms_of_one_table(tmp_path: Path, content: bytes) -> None:
    table = read_table(_write(tmp_path, content), ("qid", "label"))
    assert [(row.cell("qid"), row.cell("label")) for row in table.rows] == [("Q1", "Café")]
    assert table.problems == []


def test_a_row_knows_the_line_on_which_it_begins(tmp_path: Path) -> None:
    table = read_table(_write(tmp_path, b'qid,label\nQ1,"two\nlines"\n\nQ2,"a, b ""c"""\n'), ("qid",))
    assert [(row.line, row.cell("label")) for row in table.rows] == [(2, "two lines"), (5, 'a, b "c"')]


def test_too_many_cells_are_a_problem_of_that_row(tmp_path: Path) -> None:
    table = read_table(_write(tmp_path, b"qid,label\nQ1,Paris Street, Rainy Day\nQ2,x\nQ3\n"), ("qid",))
    assert [row.cell("qid") for row in table.rows] == ["Q2", "Q3"]
    assert [p.where for p in table.problems] == ["table.csv:2"]
    assert "3 cells, but the header has 2" in table.problems[0].reason


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (b"", "is empty", "names the columns"),
        (b"\xef\xbb\xbf \n", "is empty", ""),
        (b"qid,labl\n", "has no column label", "columns found: qid, labl; did you mean 'labl'"),
        (b"a,b\n", "has no column qid, label", "columns found: a, b"),
        (b"qid,label,Label\n", "two columns named label", ""),
        (b"qid,label\nQ1,ok\nQ2,\xff\xfe\n", r"not UTF-8 text \(line 3\)", "UTF-8"),
        ("qid,label\n".encode("utf-16"), "not UTF-8", ""),
        (b'qid,label\nQ1,"open\nQ2,x\n', "not a readable CSV file: line 3", "quotation mark"),
        (b"qid,label\nQ1," + b"x" * 200_000 + b"\n", "field larger than", ""),
    ],
)
def test_unusable_files(tmp_path: Path, content: bytes, message: str, hint: str) -> None:
    with pytest.raises(IngestError, match=message) as caught:
        read_table(_write(tmp_path, content), ("qid", "label"))
    assert hint in caught.value.hint
    assert "\n" not in caught.value.message


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="no file"):
        read_table(tmp_path / "none.csv", ())
    with pytest.raises(IngestError, match="Is a directory"):
        read_table(tmp_path, ())
