"""Which periods follow each other from the first day of another one to its last?"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import product

from releases.disclosure.disclosure import Edition, Spot
from releases.disclosure.meaning import Place
from schemas.identities import Identities

Window = tuple[date, date]


@dataclass(frozen=True)
class Tiled:
    """A number of a whole period, and what versions of its parts say of the same.

    Where nothing happened in a part it has no row.
    """

    whole: Place
    parts: tuple[Place, ...]


def tiled(editions: Sequence[Edition], identities: Identities, variable_of: Mapping[Place, int]) -> Iterator[Tiled]:
    """Yield every number of a period beside those of periods that make it up; numbers that are one come once.

    What units wrote for a period need not add up, but may; what happened in it does.
    """
    flows, reported = identities.columns_at("flow"), identities.columns_at("reported")
    by_window: dict[Window, list[int]] = {}
    for number, edition in enumerate(editions):
        by_window.setdefault((edition.first_day, edition.last_day), []).append(number)
    known = [{(spot.measure, spot.dimension) for spot in edition.cells} for edition in editions]
    for window, wholes in by_window.items():
        spots = [
            s for s in dict.fromkeys(s for n in wholes for s in editions[n].cells) if s.measure in flows | reported
        ]
        for tiling in _tilings(window, by_window):
            versions = [by_window[one] for one in tiling]
            for spot in spots:
                told = [_told(spot, part, known, variable_of) for part in (wholes, *versions)]
                choices = told if spot.measure in flows else [[one for one in part if one] for part in told]
                for whole, *parts in product(*choices):
                    if whole is not None:
                        yield Tiled(whole, tuple(part for part in parts if part is not None))


def _told(
    spot: Spot, numbers: Sequence[int], known: Sequence[Set[tuple[str, str]]], variable_of: Mapping[Place, int]
) -> list[Place | None]:
    """Return a place for each different number that these editions tell; None for a breakdown without that row."""
    found: dict[int | None, Place | None] = {}
    for number in numbers:
        if (spot.measure, spot.dimension) in known[number]:
            place = (number, spot)
            found.setdefault(variable_of.get(place), place if place in variable_of else None)
    return list(found.values())


def _tilings(
    whole: Window, windows: Mapping[Window, object], path: tuple[Window, ...] = ()
) -> Iterator[Sequence[Window]]:
    for window in windows:
        begins = (window[0] - path[-1][1]).days == 1 if path else window[0] == whole[0]
        if not begins or window == whole or window[1] > whole[1]:
            continue
        if window[1] == whole[1]:
            yield (*path, window)
        else:
            yield from _tilings(whole, windows, (*path, window))
