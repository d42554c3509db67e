"""How much may reading one stranger's file cost, and how large may it be?

Part of a workspace's settings (`[reading]` in motcua.toml). The defaults let a log of a million rows pass: as CSV of 15
columns (362 MiB; `python -m bench.intake`) it took 42 seconds and 903 MiB at its peak on two processors, and 260
seconds where six other programs shared them.
"""

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """The limits of one file; sizes in MiB."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # How many files are read at once; 0 is one for each processor.
    processes: int = Field(default=0, ge=0)
    # Of the processor, and of the clock: other programs run beside. Fourteen times, and seven times, what was measured.
    seconds: int = Field(default=600, ge=1)
    clock_seconds: int = Field(default=1_800, ge=1)
    # Of private memory that is reserved, of which a part is never touched: four times the peak that was measured.
    memory_mebibytes: int = Field(default=4096, ge=256)
    # Of a workbook's archive: all members together, how many, and how many times smaller the largest may be packed.
    unpacked_mebibytes: int = Field(default=2048, ge=1)
    members: int = Field(default=5_000, ge=1)
    packed_times: int = Field(default=250, ge=1)
    # The rows times the columns that a sheet says it has.
    sheet_cells: int = Field(default=100_000_000, ge=1)
