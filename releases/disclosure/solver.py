"""What is the cheapest move that keeps everything shown as it is? One linear program, solved by HiGHS."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

Vector = NDArray[np.float64]
Matrix = csr_array[np.float64, tuple[int, int]]
Bounds = Sequence[tuple[float, float | None]]
_SOLVED = 0


def matrix_of(entries: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> Matrix:
    """Return a sparse matrix of (row, column, number) entries."""
    rows, columns, numbers = (list(one) for one in zip(*entries, strict=True)) if entries else ([], [], [])
    return csr_array((numbers, (rows, columns)), shape=shape, dtype=np.float64)


def cheapest_move(costs: Vector, equal: Matrix, below: Matrix, room: Vector, bounds: Bounds) -> Vector | None:
    """Return the move with the least cost where `equal @ move = 0` and `below @ move <= room`; None where none is."""
    # The stubs of linprog know no sparse matrices.
    answer = linprog(  # type: ignore[call-overload]
        costs, A_ub=below, b_ub=room, A_eq=equal, b_eq=np.zeros(equal.shape[0]), bounds=bounds, method="highs"
    )
    return np.asarray(answer.x, dtype=np.float64) if answer.status == _SOLVED else None
