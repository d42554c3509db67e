"""Cases of the rules over the form, the figures and the targets."""

from tests.support.rule_cases.base import CARRIED, ON_TIME, OVERDUE, PENDING, Case, asked, half_year, one_log, quarter

CASES: dict[str, Case] = {
    "F001": Case(
        quarter(one_log(PENDING.replace("Trực tuyến", "Qua Zalo"))), quarter(one_log(PENDING)), frozenset({"D005"})
    ),
    "F002": Case(
        quarter(one_log(ON_TIME.replace("26/01/2022 |", "|"))), quarter(one_log(ON_TIME)), frozenset({"D007"})
    ),
    "F003": Case(
        quarter(one_log(PENDING.replace("26/01/2022 |", "|"))), quarter(one_log(PENDING)), frozenset({"D007"})
    ),
    "F004": Case(
        asked("""
              handling_office | field    | received_total | resolved_total | pending_total
              QLVHGD          | Quảng cáo | 120            | 90             | 31
              """),
        asked("""
              handling_office | field    | received_total | resolved_total | pending_total
              QLVHGD          | Quảng cáo | 120            | 90             | 30
              """),
    ),
    "F005": Case(
        quarter(one_log(CARRIED), opening="2022-Q1,QLVHGD,Văn hóa cơ sở,2,biên bản 17,imported\n"),
        quarter(one_log(CARRIED), opening="2022-Q1,QLVHGD,Văn hóa cơ sở,1,biên bản 17,imported\n"),
    ),
    "F006": Case(
        half_year(
            "H32.15-220106-0002 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 06/01/2022 | 27/01/2022 | 21/01/2022"
        ),
        half_year(),
    ),
    "F007": Case(
        half_year(
            "H32.15-211210-0002 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 10/12/2021 | 31/12/2021 | 21/12/2021"
        ),
        half_year(),
        frozenset({"F006"}),
    ),
    "F008": Case(
        half_year("H32.15-220607-0002 | 1.003654 | QLVHGD | BCCI | Đang xử lý | 07/06/2022 | 28/06/2022 |"),
        half_year(),
        frozenset({"F006"}),
    ),
    "T001": Case(quarter(one_log(OVERDUE), has_targets=True), quarter(one_log(ON_TIME), has_targets=True)),
}
