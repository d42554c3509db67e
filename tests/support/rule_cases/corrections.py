"""The rule that a declared correction itself breaks: the cell does not hold what it expects."""

from audit.corrections import Correction
from tests.support.office import log
from tests.support.rule_cases.base import Case, read

ROW = "H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 | 26/01/2022 | 20/01/2022"
# The window, the time of export, a blank line, the header: the dossier stands on the fifth line.
FITS = Correction("C-0001", "CSV", 5, None, "finished_at", "20/01/2022", "21/01/2022")
UNFIT = Correction("C-0001", "CSV", 5, None, "finished_at", "19/01/2022", "21/01/2022")

CASES: dict[str, Case] = {"D090": Case(read(log(ROW), UNFIT), read(log(ROW), FITS))}
