"""Files as people have them (``tests/tables``), and their kin: read as they are meant, and said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnviz.cli.main import main
from nnviz.data.datasets import DatasetError
from nnviz.data.samples import Samples, likely_features, likely_label, samples_of
from nnviz.data.table import Table, TableError, read_table
from nnviz.runs.config import Config
from nnviz.runs.recording import train

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class Read:
    """What is made of a file without asking for anything."""

    table: Table
    samples: Samples
    said: str

    @property
    def columns(self) -> dict[str, list[float]]:
        names = self.samples.feature_names
        return dict(zip(names, self.samples.features.T.tolist(), strict=True))

    @property
    def labels(self) -> list[str]:
        return [self.samples.class_names[label] for label in self.samples.labels]


def opened(data: bytes | str, header: bool | None = None, decimal: str = "") -> Read:
    content = data.encode() if isinstance(data, str) else data
    table = read_table(content, header)
    table = table.with_decimal(decimal, table.names)
    label = likely_label(table.columns)
    samples, notes = samples_of(table, label, likely_features(table.columns, label))
    return Read(table, samples, "\n".join((*table.notes, *notes)))


def case(name: str, **options: Any) -> Read:
    return opened((TABLES / name).read_bytes(), **options)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("trailing_rows_only.csv", "4 rows had empty cells after the last column"),
        ("trailing_header_only.csv", "Empty names after the last"),
    ],
)
def test_trailing_separators_shift_no_name(name: str, said: str) -> None:
    read = case(name)
    assert read.table.names == ("height", "weight", "kind")
    assert read.columns == {"height": [21, 24, 48, 55], "weight": [4, 5, 18, 27]}
    assert read.labels == ["cat", "cat", "dog", "dog"]
    assert said in read.said


def test_kin_of_trailing_separators() -> None:
    some = opened("x;y;kind\n1;2;a\n2;3;b;;\n5;5;a\n")
    assert some.columns == {"x": [1, 2, 5], "y": [2, 3, 5]}
    assert "1 row had empty cells" in some.said
    assert opened("x,y,kind,\n1,2,a,\n2,3,b,\n").table.names == ("x", "y", "kind")
    assert opened("1,2,\n3,5,\n", header=False).table.names == ("column 1", "column 2")
    assert opened("1.5,2,\n3,5,\n2,5,\n").columns == {"column 1": [1.5, 3, 2]}
    of_rows = opened("x,kind\nfirst,1,a\nsecond,2,\nthird,4,b\n")
    assert of_rows.table.names == ("row", "x", "kind"), "as R writes them"
    assert of_rows.columns == {"x": [1, 4]}
    with pytest.raises(TableError, match="Line 3 has 4 cells, but there are 3 columns"):
        read_table(b"x,y,kind\n1,2,a\n1,2,a,b\n")


def test_points_between_thousands_where_a_decimal_comma_occurs() -> None:
    read = case("de_thousands_only.csv")
    assert read.columns["income"] == [950, 1200, 2400, 45000, 12.5]
    assert "column 'income' have a decimal comma, points between thousands" in read.said


def test_commas_before_three_digits_are_asked_about() -> None:
    with pytest.raises(DatasetError, match="'income' can be read in two ways: '1,200' is 1200 w"):
        case("us_thousands_semicolon.csv")
    assert case("us_thousands_semicolon.csv", decimal=".").columns["income"] == [
        *(950, 1200, 2400, 45000)
    ]
    assert case("us_thousands_semicolon.csv", decimal=",").columns["income"] == [950, 1.2, 2.4, 45]


def test_in_doubt_the_command_line_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["train", "--epochs=2", f"--data={TABLES / 'us_thousands_semicolon.csv'}"]
    assert main(asked) == 2
    assert "(on the command line: --decimal)" in capsys.readouterr().err
    assert main([*asked, "--decimal=point"]) == 0
    assert "'income' have commas between thousands" in capsys.readouterr().err
    assert main([*asked, "--decimal=comma"]) == 0
    assert "'income' have a decimal comma" in capsys.readouterr().err
    assert main([*asked, "--feature=age"]) == 0, "what is not used need not be said"


@pytest.mark.parametrize("name", ["tab_decimal_comma.txt", "excel_unicode_text.txt"])
def test_decimal_commas_between_tabs(name: str) -> None:
    read = case(name)
    first = next(iter(read.columns.values()))
    assert first == ([21.5, 24.2, 48.7, 55.1] if "tab" in name else [1.5, 2.5, 3.5])
    assert len(read.columns) == 2
    assert "have a decimal comma" in read.said
    assert ("UTF-16" in read.said) == ("unicode" in name)


@pytest.mark.parametrize(
    "text",
    [
        'x,y,kind\n"1,5","2,25",a\n"2,5",3,b\n',
        "x;y;kind\n1,5;2,25;a\n2,5;3;b\n",
        "x|y|kind\n1,5|2,25|a\n2,5|3|b\n",
        "x\ty\tkind\n1,5\t2,25\ta\n2,5\t3\tb\n",
        "sep=;\nx;y;kind\n1,5;2,25;a\n2,5;3;b\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_decimal_commas_however_they_are_separated(text: str, encoding: str) -> None:
    assert opened(text.encode(encoding)).columns == {"x": [1.5, 2.5], "y": [2.25, 3]}


def test_decimal_commas_without_names_do_not_pass_for_separators() -> None:
    read = opened("1,5;2,5;0\n3,5;4,5;1\n5,5;6,5;1\n")
    assert read.columns == {"column 1": [1.5, 3.5, 5.5], "column 2": [2.5, 4.5, 6.5]}
    assert opened("1,5\t2\n3,5\t4\n").columns == {"column 1": [1.5, 3.5]}


def test_other_marks_between_thousands() -> None:
    text = "a;b;c;d;kind\n1'200.5;1 200,5;10 %;$1,200.50;x\n900;1 000 000;5 %;$3.25;y\n"
    assert opened(text).columns == {
        "a": [1200.5, 900],
        "b": [1200.5, 1000000],
        "c": [10, 5],
        "d": [1200.5, 3.25],
    }


def test_a_class_may_be_called_none() -> None:
    read = case("class_named_none.csv")
    assert read.samples.class_names == ("hard", "none", "soft")
    assert read.labels.count("none") == 4
    assert "In the label, 'none' is a class" in read.said
    rows = "1,EU\n2,NA\n3,-\n4,?\n5,\n9,nan\n"
    kin = opened(f"x,region\n{rows}")
    assert kin.samples.class_names == ("-", "?", "EU", "NA", "nan")
    assert "1 row is left out: row 5, column 'region': no value" in kin.said
    feature = opened("x,y,kind\n1,none,a\n2,3,b\n3,4,b\n5,5,a\n")
    assert "row 1, column 'y': 'none' means no value" in feature.said


def test_column_numbers_are_names() -> None:
    read = case("column_numbers_as_names.csv")
    assert read.table.names == ("0", "1", "2", "3")
    assert len(read.table.rows) == 5
    assert "which counts the columns, was taken for the columns' names" in read.said
    assert "--header no" in read.said
    as_sample = case("column_numbers_as_names.csv", header=False)
    assert as_sample.table.names == ("column 1", "column 2", "column 3", "column 4")
    assert len(as_sample.table.rows) == 6
    assert len(read_table(b"1,2,3\n2,3,4\n9,9,9\n").rows) == 3, "samples count up, too"
    assert read_table(b"2019,2020,2021\n5,6,1\n7,8,2\n").names == ("2019", "2020", "2021")
    assert read_table(b"0,1\n1,0\n").names == ("column 1", "column 2")
    assert read_table(b"0,1\n1,0\n", header=True).names == ("0", "1")


def test_labels_that_are_the_same_number_are_one_class() -> None:
    read = case("labels_0_and_00.csv")
    assert read.samples.class_names == ("0", "1")
    assert read.labels == ["0", "0", "1", "1", "0", "1"]
    assert "'0.0' is the same number as '0': one class" in read.said
    commas = opened("x;kind\n1;0,5\n2;0,50\n3;1,5\n7;10\n")
    assert commas.samples.class_names == ("0,5", "1,5", "10")
    long = opened("x,kind\n1,12345678901234567\n2,12345678901234568\n")
    assert len(long.samples.class_names) == 2, "they are one float, and two numbers"
    mixed = opened("x,kind\n1,00\n2,0\n7,none\n")
    assert mixed.samples.class_names == ("0", "none")


def test_labels_in_doubt_stay_as_they_are_written() -> None:
    text = "x;kind\n1;1,200\n2;1,2\n4;950\n8;1.200\n"
    assert opened(text).samples.class_names == ("1,2", "950", "1.200"), "1,2 tells"
    doubtful = "x;kind\n1;1,200\n2;1200\n4;950\n8;950\n"
    assert opened(doubtful).samples.class_names == ("1,200", "1200", "950")
    assert opened(doubtful, decimal=".").samples.class_names == ("950", "1200")


def test_units_do_not_decide_what_is_learned() -> None:
    read = case("tiny_units.csv")
    run = train(Config(epochs=1000), read.samples.dataset(data_seed=0, test_share=0.25))
    assert run.accuracy[-1] == 1
    assert run.test_accuracy[-1] == 1


def test_a_mostly_empty_column_is_not_chosen_and_its_price_is_named() -> None:
    read = case("one_sparse_column.csv")
    assert read.samples.feature_names == tuple("abcdefgh")
    assert len(read.samples.labels) == 30
    assert "Column 'i' is mostly empty (27 of 30 rows): it is not learned from" in read.said
    with pytest.raises(DatasetError) as error:
        samples_of(read.table, "kind", ["a", "i"])
    assert "'kind' is 'p' in every row" in str(error.value)
    assert "Before that: 27 rows are left out: row 1, column 'i': no value" in str(error.value)
    assert "Most are for column 'i': 27 (1 to 9, 11 to 19, 21 to 29)" in str(error.value)


def test_a_typographic_minus_is_a_minus() -> None:
    read = case("unicode_minus.csv")
    assert read.columns["x"] == [-1, -2, 3, 4, 2]
    assert "left out" not in read.said


def test_comments_above_the_names_are_left_out() -> None:
    read = case("comment_lines.csv")
    assert read.columns == {"t": [1.5, 1.6, 3.2, 3.3], "h": [2, 2.1, 4, 4.5]}
    assert "2 lines are left out as comments above the table: '# made by a logger'" in read.said
    with pytest.raises(TableError, match="Line 4 has 2 cells"):
        read_table(b"# a; b | c\n#\nx,y,kind\n1,2\n")
    percent = opened('\ufeff% the "best", of all\n// 2\n\nx;y;kind\n1;2;a\n2;5;b\n')
    assert percent.columns == {"x": [1, 2], "y": [2, 5]}


def test_a_comment_may_hold_the_names() -> None:
    assert opened("# by me\n# x, y, kind\n1,2,a\n2,5,b\n").table.names == ("x", "y", "kind")
    assert opened("#,x,kind\n1,2,a\n2,5,b\n3,6,b\n").table.names == ("#", "x", "kind")
    assert opened("# by, me, 2024\nx,y,kind\n1,2,a\n2,5,b\n").table.names == ("x", "y", "kind")


def test_a_first_row_of_words_may_be_a_sample() -> None:
    read = case("words_no_header.csv")
    assert "The first row, of words as all the others, was taken for the columns' names" in (
        read.said
    )
    assert "--header no" in read.said
    assert len(read.samples.labels) == 4
    told = case("words_no_header.csv", header=False)
    assert len(told.samples.labels) == 5
    assert told.samples.class_names == ("no", "yes")
    assert "first row" not in told.said


def test_the_command_line_says_that_a_first_row_is_a_sample(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["train", "--epochs=2", f"--data={TABLES / 'words_no_header.csv'}"]
    assert main(asked) == 0
    assert "--header no" in capsys.readouterr().err
    assert main([*asked, "--header=no"]) == 0
    assert "Label: column 4; features: column 1=blue" in capsys.readouterr().err


def test_an_error_carries_what_was_said_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.csv"
    file.write_text("x;kind;\n1,5;a;\n2,5;a\n", encoding="utf-8")
    assert main(["train", f"--data={file}"]) == 2
    said = capsys.readouterr().err
    assert "a decimal comma" in said
    assert "'kind' is 'a' in every row" in said


def test_dates_and_logical_values_are_words() -> None:
    read = opened("day,at,on,code,x,kind\n2020-01-05,12:30,TRUE,0x1F,1,a\n2021-01-05,1:30,FALSE,"
                  "0x2F,5,b\n")  # fmt: skip
    assert read.columns == {"x": [1, 5]}
    assert [c.numeric for c in read.table.columns] == [False] * 4 + [True, False]


def test_numbers_in_other_notations_are_left_out_and_named() -> None:
    read = opened("x,kind\n1,a\n(5),a\n5-,a\n1.5D3,a\n-2,b\n3,b\n4,a\n7,b\n")
    np.testing.assert_array_equal(read.samples.features[:, 0], [1, -2, 3, 4, 7])
    assert "row 2, column 'x': '(5)' is no number" in read.said
