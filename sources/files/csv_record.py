"""Is this text one record of a delimited file, and which cells does it hold?

RFC 4180: a field that begins with a quote ends with one, a quote inside it stands twice, and a delimiter or the end of
the record follows. What is not written so is no record; nothing here mends it.
"""


def split_record(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of a well-formed record without its line end, or None where its quoting is broken.

    Cut at its quotes, a record has text outside of quotes at every even place and quoted text at every odd one. Runs
    once a line of the file.
    """
    parts = text.split('"')
    last = len(parts) - 1
    if last == 0:
        return text.split(delimiter)
    before = parts[0]
    if last % 2 or (before and before[-1] != delimiter):
        return None
    cells = before[:-1].split(delimiter) if before else []
    quoted = parts[1]
    for place in range(2, last, 2):
        between = parts[place]
        if not between:
            quoted += '"' + parts[place + 1]
            continue
        if between[0] != delimiter or between[-1] != delimiter:
            return None
        cells.append(quoted)
        if len(between) > 1:
            cells += between[1:-1].split(delimiter)
        quoted = parts[place + 1]
    cells.append(quoted)
    after = parts[last]
    if after:
        if after[0] != delimiter:
            return None
        cells += after[1:].split(delimiter)
    return cells


def is_open(text: str, delimiter: str) -> bool:
    """Tell whether the text is the beginning of a record and ends inside a quoted field."""
    return split_record(text + '"', delimiter) is not None


def split_stray(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of a record whose only fault is quotes in pairs inside fields that are not quoted.

    `12,Công ty "Thử Nghiệm",x` can be read in one way only, and the quotes belong to the text. None for anything else.
    """
    cells: list[str] = []
    begin = 0
    while True:
        if text.startswith('"', begin):
            end = begin + 1
            while text.startswith('""', (end := text.find('"', end))) and end >= 0:
                end += 2
            if end < 0 or (end + 1 < len(text) and text[end + 1] != delimiter):
                return None
            cells.append(text[begin + 1 : end].replace('""', '"'))
            end += 1
        else:
            found = text.find(delimiter, begin)
            end = len(text) if found < 0 else found
            if text.count('"', begin, end) % 2:
                return None
            cells.append(text[begin:end])
        if end == len(text):
            return cells
        begin = end + 1
