"""In which ways can a query be a little wrong?

Each mutant is the query with one place of its parse tree changed: a comparison at its edge, a predicate dropped, a
column swapped for its neighbour, a constant one off, an aggregate, a join or an order of another kind.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

_DIALECT = "duckdb"
_EDGES: dict[type[exp.Expression], tuple[type[exp.Expression], ...]] = {
    exp.LT: (exp.LTE, exp.GT), exp.LTE: (exp.LT, exp.GTE), exp.GT: (exp.GTE, exp.LT), exp.GTE: (exp.GT, exp.LTE),
    exp.EQ: (exp.NEQ,), exp.NEQ: (exp.EQ,), exp.NullSafeEQ: (exp.NullSafeNEQ,), exp.NullSafeNEQ: (exp.NullSafeEQ,),
}  # fmt: skip
_AGGREGATES: dict[type[exp.Expression], type[exp.Expression]] = {exp.Min: exp.Max, exp.Max: exp.Min, exp.Sum: exp.Max}
_ARITHMETIC: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Div, exp.Div: exp.Mul,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A query with one place changed: what was done, where, and the text that results."""

    query: str
    what: str
    text: str

    @property
    def key(self) -> str:
        """A name that stays while the query's text does."""
        return hashlib.sha256(f"{self.query}\n{self.what}\n{self.text}".encode()).hexdigest()[:12]


Change = tuple[str, exp.Expression]


def _short(node: exp.Expression) -> str:
    text = node.sql(dialect=_DIALECT, comments=False)
    return text if len(text) <= 90 else f"{text[:60]} … {text[-25:]}"


def _at_edges(node: exp.Expression) -> Iterator[Change]:
    for other in _EDGES.get(type(node), ()):
        yield "edge", other(this=node.this.copy(), expression=node.expression.copy())
    if isinstance(node, exp.Between):
        low, high = node.args["low"], node.args["high"]
        yield (
            "low edge",
            exp.and_(exp.GT(this=node.this.copy(), expression=low.copy()), node.this.copy() <= high.copy()),
        )
        yield (
            "high edge",
            exp.and_(node.this.copy() >= low.copy(), exp.LT(this=node.this.copy(), expression=high.copy())),
        )


def _dropped(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.And):
        yield "dropped left of AND", node.expression.copy()
        yield "dropped right of AND", node.this.copy()
        yield "AND to OR", exp.Paren(this=exp.Or(this=node.this.copy(), expression=node.expression.copy()))
    elif isinstance(node, exp.Or):
        yield "dropped left of OR", node.expression.copy()
        yield "dropped right of OR", node.this.copy()
        yield "OR to AND", exp.And(this=_enclosed(node.this), expression=_enclosed(node.expression))
    elif isinstance(node, exp.Not):
        yield "dropped NOT", node.this.copy()
    elif isinstance(node, exp.Exists | exp.Is):
        yield "negated", exp.Not(this=node.copy())
    elif isinstance(node, exp.Where | exp.Having) and not isinstance(node.this, exp.And | exp.Or):
        yield "dropped filter", type(node)(this=exp.true())
    elif isinstance(node, exp.Filter):
        yield "dropped FILTER", node.this.copy()


def _enclosed(node: exp.Expression) -> exp.Expression:
    return exp.Paren(this=node.copy())


def _constants(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Literal):
        if node.is_string:
            yield "other text", exp.Literal.string(f"{node.this}~" if node.this else "~")
        elif node.is_int:
            yield "one more", exp.Literal.number(int(node.this) + 1)
        else:
            yield "another number", exp.Literal.number(f"{float(node.this) * 2}")
    elif isinstance(node, exp.Boolean):
        yield "other flag", exp.Boolean(this=not node.this)
    elif isinstance(node, exp.In) and len(node.expressions) > 1:
        for place in range(len(node.expressions)):
            fewer = node.copy()
            fewer.set("expressions", [one for n, one in enumerate(fewer.expressions) if n != place])
            yield f"without {node.expressions[place].sql(dialect=_DIALECT)}", fewer


def _functions(node: exp.Expression) -> Iterator[Change]:
    other = _AGGREGATES.get(type(node))
    if other is not None:
        yield "other aggregate", other(this=node.this.copy())
    if type(node) in _ARITHMETIC:
        yield "other sign", _ARITHMETIC[type(node)](this=node.this.copy(), expression=node.expression.copy())
    if isinstance(node, exp.Coalesce) and node.expressions:
        yield "without its default", node.this.copy()
    if isinstance(node, exp.Trim | exp.Abs | exp.Ceil | exp.Floor | exp.Lower | exp.Upper):
        yield "not applied", node.this.copy()
    if isinstance(node, exp.Distinct) and isinstance(node.parent, exp.Count):
        yield "not distinct", node.expressions[0].copy()
    if isinstance(node, exp.Greatest):
        yield "least", exp.Least(this=node.this.copy(), expressions=[one.copy() for one in node.expressions])
    if isinstance(node, exp.Least):
        yield "greatest", exp.Greatest(this=node.this.copy(), expressions=[one.copy() for one in node.expressions])
    if isinstance(node, exp.Case):
        for place in range(len(node.args["ifs"])):
            fewer = node.copy()
            fewer.set("ifs", [one for n, one in enumerate(fewer.args["ifs"]) if n != place])
            if fewer.args["ifs"]:
                yield f"without branch {place + 1}", fewer
        if node.args.get("default") is not None:
            fewer = node.copy()
            fewer.set("default", None)
            yield "without ELSE", fewer


_TAKES_NULL = (exp.Or, exp.Coalesce, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Case, exp.Subquery, exp.Exists)


def _is_filtered(join: exp.Join) -> bool:
    """Tell whether rows without a partner fall out anyway: a later condition asks for a value of the joined table."""
    select = join.parent
    where = select.args.get("where") if select is not None else None
    conditions = list(where.this.flatten()) if where is not None and isinstance(where.this, exp.And) else []
    conditions += [where.this] if where is not None and not conditions else []
    later = select.args.get("joins", []) if select is not None else []
    for other in later[later.index(join) + 1 :] if join in later else []:
        on = other.args.get("on")
        if on is not None and not other.side:
            conditions += list(on.flatten()) if isinstance(on, exp.And) else [on]
    return any(
        any(column.table == join.alias_or_name for column in one.find_all(exp.Column))
        and not any(True for _ in one.find_all(*_TAKES_NULL))
        for one in conditions
    )


def _is_told_apart(union: exp.Union) -> bool:
    """Tell whether no row of one side can be one of the other: a constant of theirs differs."""
    left, right = union.left, union.right
    rightmost = left.right if isinstance(left, exp.Union) else left
    if not isinstance(rightmost, exp.Select) or not isinstance(right, exp.Select):
        return False
    pairs = zip(rightmost.expressions, right.expressions, strict=False)
    literals = [(one.unalias(), other.unalias()) for one, other in pairs]
    return any(isinstance(a, exp.Literal) and isinstance(b, exp.Literal) and a != b for a, b in literals)


def _relations(node: exp.Expression) -> Iterator[Change]:
    if isinstance(node, exp.Join):
        side = (node.side or "").upper()
        if side == "LEFT":
            changed = node.copy()
            changed.set("side", None)
            changed.set("kind", "INNER")
            yield "LEFT to INNER", changed
        elif (node.args.get("on") is not None or node.args.get("using")) and not _is_filtered(node):
            changed = node.copy()
            changed.set("kind", None)
            changed.set("side", "LEFT")
            yield "INNER to LEFT", changed
        using = node.args.get("using") or []
        for place in range(len(using) if len(using) > 1 else 0):
            changed = node.copy()
            changed.set("using", [one for n, one in enumerate(changed.args["using"]) if n != place])
            yield f"joined without {using[place].name}", changed
    elif isinstance(node, exp.Ordered):
        changed = node.copy()
        changed.set("desc", not node.args.get("desc"))
        yield "other direction", changed
    elif isinstance(node, exp.Order) and len(node.expressions) > 1:
        for place in range(len(node.expressions)):
            changed = node.copy()
            changed.set("expressions", [one for n, one in enumerate(changed.expressions) if n != place])
            yield f"ordered without key {place + 1}", changed
    elif isinstance(node, exp.Union) and not _is_told_apart(node):
        changed = node.copy()
        changed.set("distinct", not node.args.get("distinct"))
        yield "UNION of the other kind", changed
    elif isinstance(node, exp.Select) and node.args.get("distinct"):
        changed = node.copy()
        changed.set("distinct", None)
        yield "without DISTINCT", changed
    elif isinstance(node, exp.Select) and node.args.get("qualify"):
        changed = node.copy()
        changed.set("qualify", None)
        yield "without QUALIFY", changed


def _columns(node: exp.Expression, ring: dict[str, str]) -> Iterator[Change]:
    if isinstance(node, exp.Column) and node.name in ring and not isinstance(node.parent, exp.Ordered):
        changed = node.copy()
        changed.set("this", exp.to_identifier(ring[node.name]))
        yield f"{ring[node.name]} for {node.name}", changed


def _ring(tree: exp.Expression) -> dict[str, str]:
    """Return which column stands in for which: the next of the same kind by name."""
    names = sorted({column.name for column in tree.find_all(exp.Column) if isinstance(column.this, exp.Identifier)})
    kinds: dict[str, list[str]] = {}
    for name in names:
        prefix, _, rest = name.partition("_")
        kind = prefix if prefix in ("is", "has") else (rest.rpartition("_")[2] or name if rest else name)
        kinds.setdefault(kind, []).append(name)
    return {
        name: members[(place + 1) % len(members)]
        for members in kinds.values()
        if len(members) > 1
        for place, name in enumerate(members)
    }


_CHANGES: tuple[Callable[[exp.Expression], Iterator[Change]], ...] = (
    _at_edges, _dropped, _constants, _functions, _relations,
)  # fmt: skip


def _is_idle(node: exp.Expression) -> bool:
    """Tell whether a place means nothing: what EXISTS selects is looked at by nobody."""
    return (
        isinstance(node.parent, exp.Select)
        and isinstance(node.parent.parent, exp.Exists)
        and node.arg_key == "expressions"
    )


def round_trip(text: str) -> str:
    """Return a query as its parse tree writes it: what a mutant differs from in one place."""
    return sqlglot.parse_one(text, read=_DIALECT).sql(dialect=_DIALECT, comments=False)


def mutants(query: str, text: str) -> Iterator[Mutant]:
    """Yield every mutant of a query; the same text gives the same ones, in the same order."""
    tree = sqlglot.parse_one(text, read=_DIALECT)
    ring, seen = _ring(tree), {round_trip(text)}
    for number, node in enumerate(list(tree.walk())):
        if _is_idle(node):
            continue
        changes = [change for find in _CHANGES for change in find(node)] + list(_columns(node, ring))
        for what, changed in changes:
            broken = tree.copy()
            place = next(other for n, other in enumerate(broken.walk()) if n == number)
            if place is broken:
                broken = changed
            else:
                place.replace(changed)
            mutated = broken.sql(dialect=_DIALECT, comments=False)
            if mutated not in seen:
                seen.add(mutated)
                yield Mutant(query, f"{what}: {_short(node)}", mutated)
