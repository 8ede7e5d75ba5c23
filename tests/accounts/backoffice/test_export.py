import pytest

from accounts.backoffice.export import quote_formula, send_csv


@pytest.mark.parametrize(
    "value", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]
)
def test_what_a_spreadsheet_would_run_is_kept_as_text(value):
    assert quote_formula(value) == f"'{value}"


@pytest.mark.parametrize(
    ("value", "written"), [(None, ""), (0, "0"), ("冰糖橙", "冰糖橙"), ("5.98", "5.98"), ("a=b", "a=b")]
)
def test_other_cells_stand_as_they_are(value, written):
    assert quote_formula(value) == written


def test_a_table_begins_with_the_mark_that_excel_needs():
    answer = send_csv("list", ["名称", "价钱（元）"], [["冰糖橙，大果", "29.90"], ['老"树', "1,200.00"]])
    assert (
        answer.getvalue().decode() == '\ufeff名称,价钱（元）\r\n冰糖橙，大果,29.90\r\n"老""树","1,200.00"\r\n'
    )
