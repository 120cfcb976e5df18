"""Where a C file can be mutated, and its text with the mutants in it.

A mutant is a small defect: `<` for `<=`, a condition turned round, a call left out. All chosen ones are compiled
into one program (mutant.h says which is on), so nothing is built per mutant. clang says what the text means; what
comes out of a macro, and constants that must be constants, stay as they are.
"""

import hashlib
import re
from dataclasses import dataclass, field

from clang.cindex import CursorKind as K, Index, TranslationUnit, TypeKind as T

RELATIONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
ARITHMETIC = {"+": "-", "-": "+", "&": "|", "|": "&", "<<": ">>", ">>": "<<", "+=": "-=", "-=": "+=", "|=": "&=",
              "&=": "|="}
JUNCTIONS = {"&&": "||", "||": "&&"}
APART = ("relation", "junction", "arithmetic", "not")
LOOPS = (K.FOR_STMT, K.WHILE_STMT, K.DO_STMT)
NUMBERS = range(T.BOOL.value, T.LONGDOUBLE.value + 1)


@dataclass
class Site:
    """One defect: `before` becomes `after`. The id holds no line, so that edits elsewhere leave it alone."""
    file: str
    function: str
    kind: str
    start: int
    end: int
    line: int
    before: str
    after: str
    make: object = field(repr=False)  # (number, text of a span) -> the text with the mutant
    id: str = ""
    number: int = 0


def squeeze(text):
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)).strip()


def is_number(cursor):
    kind = cursor.type.get_canonical().kind
    return kind.value in NUMBERS or kind == T.ENUM


def is_pure(cursor):
    """Can it be evaluated once more without anything changing?"""
    return not any(c.kind in (K.CALL_EXPR, K.COMPOUND_ASSIGNMENT_OPERATOR, K.StmtExpr) or
                   c.kind == K.BINARY_OPERATOR and operator_of(c)[0] == "=" or
                   c.kind == K.UNARY_OPERATOR and unary_of(c)[0] in ("++", "--") for c in cursor.walk_preorder())


TEXT = {}


def text_of(cursor, span=None):
    start, end = span or (cursor.extent.start.offset, cursor.extent.end.offset)
    return TEXT[cursor.location.file.name][start:end].decode()


def operator_of(cursor):
    """The operator between a binary operator's two sides, and where; ("", 0) if a macro hides it."""
    sides = list(cursor.get_children())
    if len(sides) != 2 or not cursor.location.file:
        return "", 0
    start, end = sides[0].extent.end.offset, sides[1].extent.start.offset
    between = text_of(cursor, (start, end)) if start < end else ""
    bare = re.sub(r"/\*.*?\*/|//[^\n]*", lambda m: " " * len(m[0]), between, flags=re.S)
    return bare.strip(), start + len(bare) - len(bare.lstrip())


def unary_of(cursor):
    """The operator of a unary one, and whether it stands before its operand."""
    operand = next(cursor.get_children())
    before = (cursor.extent.start.offset, operand.extent.start.offset)
    if before[0] < before[1]:
        return squeeze(text_of(cursor, before)), True
    return squeeze(text_of(cursor, (operand.extent.end.offset, cursor.extent.end.offset))), False


def replaced(number, mutant, original, differs):
    return f"(MUTANT({number}, {differs}) ? ({mutant}) : ({original}))"


class Finder:
    """All sites of one file."""

    def __init__(self, file, arguments):
        self.file = file
        unit = Index.create().parse(file, args=arguments,
                                    options=TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        bad = [str(d) for d in unit.diagnostics if d.severity >= 3]
        if bad:
            raise SystemExit(f"{file}: {bad[0]}")
        TEXT[file] = self.bytes = open(file, "rb").read()
        self.sites = []
        self.macros = []
        functions = []
        for cursor in unit.cursor.get_children():
            if not cursor.location.file or cursor.location.file.name != file:
                continue
            if cursor.kind == K.MACRO_INSTANTIATION:
                self.macros.append((cursor.extent.start.offset, cursor.extent.end.offset))
            elif cursor.kind == K.FUNCTION_DECL and cursor.is_definition():
                functions.append(cursor)
        for function in functions:
            self.function = function
            for body in function.get_children():
                if body.kind == K.COMPOUND_STMT:
                    self.visit(body, [function])
        seen = {}
        for site in self.sites:
            name = f"{file}:{site.function}: {site.before} => {site.after}"
            seen[name] = seen.get(name, 0) + 1
            site.id = name + (f" #{seen[name]}" if seen[name] > 1 else "")

    def in_macro(self, offset):
        return any(start <= offset < end for start, end in self.macros)

    def add(self, kind, span, before, after, make, at=None):
        at = span[0] if at is None else at
        if self.in_macro(at):
            return
        line = self.bytes.count(b"\n", 0, at) + 1
        self.sites.append(Site(self.file, self.function.spelling, kind, *span, line, squeeze(before),
                               squeeze(after), make))

    def visit(self, cursor, above):
        handler = getattr(self, "on_" + cursor.kind.name.lower(), None)
        if handler:
            handler(cursor, above)
        for child in self.visited(cursor):
            self.visit(child, above + [cursor])

    def visited(self, cursor):
        """The children that run, and need not be constants."""
        children = list(cursor.get_children())
        if cursor.kind == K.CASE_STMT:
            return children[1:]
        if cursor.kind == K.VAR_DECL:
            if cursor.storage_class.name == "STATIC":
                return []
            return [c for c in children[-1:] if c.kind.is_expression() and
                    "=" in text_of(cursor, (cursor.location.offset, c.extent.start.offset))]
        if cursor.kind == K.CXX_UNARY_EXPR or cursor.kind.name == "OFFSETOF" or \
                cursor.kind.is_expression() and text_of(cursor).startswith(("sizeof", "_Generic")):
            return []
        if cursor.kind == K.INIT_LIST_EXPR:
            return [c for c in children if not text_of(cursor, self.before(c)).rstrip().endswith("[")]
        return children

    @staticmethod
    def before(cursor):
        return cursor.extent.start.offset - 2, cursor.extent.start.offset

    @staticmethod
    def span(cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def swap(self, kind, cursor, operator, at, other, differs):
        left, right = (self.span(c) for c in cursor.get_children())
        words = [text_of(cursor, s) for s in (left, right)]

        def make(number, text):
            old, new = (f"({text(*left)}) {o} ({text(*right)})" for o in (operator, other))
            return replaced(number, new, old, differs(old, new))
        self.add(kind, self.span(cursor), f"{words[0]} {operator} {words[1]}", f"{words[0]} {other} {words[1]}",
                 make, at)

    def on_binary_operator(self, cursor, above):
        operator, at = operator_of(cursor)
        pure = is_pure(cursor)
        if operator in RELATIONS:
            self.swap("relation", cursor, operator, at, RELATIONS[operator],
                      lambda old, new: f"({old}) != ({new})" if pure else 1)
        elif operator in JUNCTIONS:
            self.swap("junction", cursor, operator, at, JUNCTIONS[operator],
                      lambda old, new: 1 if not pure else f"({old})" if operator == "||" else f"!({old})")
        elif operator in ARITHMETIC and all(is_number(c) for c in cursor.get_children()):
            self.swap("arithmetic", cursor, operator, at, ARITHMETIC[operator],
                      lambda old, new: f"({old}) != ({new})" if pure else 1)
        elif operator == "=" and above[-1].kind in (K.COMPOUND_STMT, K.IF_STMT, *LOOPS, K.CASE_STMT):
            self.left_out(cursor, above, "assignment")

    def on_compound_assignment_operator(self, cursor, above):
        operator, at = operator_of(cursor)
        if operator in ARITHMETIC and all(is_number(c) for c in cursor.get_children()):
            self.swap("arithmetic", cursor, operator, at, ARITHMETIC[operator], lambda old, new: 1)

    def on_call_expr(self, cursor, above):
        self.left_out(cursor, above, "call")

    def left_out(self, cursor, above, kind):
        """A call or assignment that is a statement of its own."""
        if not self.is_statement(cursor, above[-1]):
            return
        span = self.span(cursor)

        def make(number, text):
            return f"(MUTANT({number}, 1) ? (void)0 : (void)({text(*span)}))"
        self.add(kind, span, text_of(cursor), "", make)

    @staticmethod
    def is_statement(cursor, parent):
        children = list(parent.get_children())
        if parent.kind in (K.COMPOUND_STMT, K.CASE_STMT, K.DEFAULT_STMT, K.LABEL_STMT):
            return True
        if parent.kind == K.IF_STMT:
            return cursor != children[0]
        return parent.kind in LOOPS and cursor == children[-1] and parent.kind != K.DO_STMT

    def on_unary_operator(self, cursor, above):
        operator, prefix = unary_of(cursor)
        operand = self.span(next(cursor.get_children()))
        if operator == "!":
            self.add("not", self.span(cursor), text_of(cursor), text_of(cursor, operand),
                     lambda number, text: replaced(number, f"!!({text(*operand)})",
                                                   f"!({text(*operand)})", 1))

    def on_integer_literal(self, cursor, above):
        span = self.span(cursor)
        if any(c.kind == K.CALL_EXPR and c.spelling.startswith("__builtin") for c in above):
            return

        def make(number, text):
            return replaced(number, f"{text(*span)} + 1", text(*span), 1)
        self.add("constant", span, text_of(cursor), f"{text_of(cursor)} + 1 in {self.around(cursor, above)}", make)

    @staticmethod
    def around(cursor, above):
        """The expression or statement a constant stands in, for the id."""
        inner = above[-1]
        for outer in reversed(above):
            if len(text_of(outer)) > 60 or outer.kind == K.COMPOUND_STMT:
                break
            inner = outer
        return text_of(inner)[:60]

    @staticmethod
    def has_own(expression):
        """Is turning it round another mutant already?"""
        return expression.kind == K.UNARY_OPERATOR and unary_of(expression)[0] == "!" or \
            expression.kind == K.BINARY_OPERATOR and operator_of(expression)[0] in ("==", "!=")

    def condition(self, cursor, condition):
        if self.has_own(condition):
            return
        span = self.span(condition)
        self.add("condition", span, f"{self.keyword(cursor)} ({text_of(condition)})",
                 f"{self.keyword(cursor)} (!({text_of(condition)}))",
                 lambda number, text: f"(!({text(*span)}) == MUTANT({number}, 1))")

    @staticmethod
    def keyword(cursor):
        return {K.IF_STMT: "if", K.WHILE_STMT: "while", K.DO_STMT: "do while"}.get(cursor.kind, "?:")

    def on_if_stmt(self, cursor, above):
        self.condition(cursor, next(cursor.get_children()))

    on_while_stmt = on_if_stmt
    on_conditional_operator = on_if_stmt

    def on_return_stmt(self, cursor, above):
        value = next(cursor.get_children(), None)
        kind = self.function.result_type.get_canonical().kind
        if not value or kind in (T.VOID, T.RECORD) or self.has_own(value):
            return
        span, word = self.span(value), text_of(value)
        other = {T.BOOL: f"!({word})", T.POINTER: "(void *)0"}.get(kind, f"!({word})")
        if kind == T.POINTER and word in ("NULL", "0"):
            return

        def make(number, text):
            mutant = f"!({text(*span)})" if kind != T.POINTER else "(void *)0"
            return f"(MUTANT({number}, 1) ? {mutant} : ({text(*span)}))"
        self.add("return", span, f"return {word}", f"return {other}", make, cursor.extent.start.offset)

    def on_break_stmt(self, cursor, above):
        owner = next(c.kind for c in reversed(above) if c.kind in LOOPS + (K.SWITCH_STMT,))
        if owner == K.SWITCH_STMT:
            self.jump(cursor, "break", "", ";")
        else:
            self.jump(cursor, "break", "continue", "continue;")

    def on_continue_stmt(self, cursor, above):
        owner = next(c.kind for c in reversed(above) if c.kind in LOOPS + (K.SWITCH_STMT,))
        if owner != K.SWITCH_STMT:
            self.jump(cursor, "continue", "break", "break;")

    def jump(self, cursor, before, after, mutant):
        self.add("jump", self.span(cursor), before, after,
                 lambda number, text: f"if (MUTANT({number}, 1)) {mutant} else {before}")


def chosen(sites, wanted, seed):
    """A fair share of each file's sites, always the same ones for a seed: an edit moves few of them."""
    share = wanted / max(1, sum(len(s) for s in sites.values()))
    picked = []
    for file in sorted(sites):
        count = min(len(sites[file]), max(2, round(len(sites[file]) * share)))
        order = sorted(sites[file], key=lambda s: hashlib.sha256(f"{seed} {s.id}".encode()).digest())
        # what takes an expression apart goes inside what takes it whole
        picked += sorted(order[:count], key=lambda s: (s.start, -s.end, s.kind in APART))
    for number, site in enumerate(picked):
        site.number = number
    return picked


def mutated(data, sites):
    """The text of a file with all its chosen sites in it."""
    def text(start, end, inside=None):
        inner = [s for s in sites if start <= s.start and s.end <= end and s is not inside and
                 (inside is None or (s.start, s.end) != (inside.start, inside.end) or s.number > inside.number)]
        out, at = "", start
        for site in inner:
            if site.start < at:
                continue
            out += data[at:site.start].decode()
            out += site.make(site.number, lambda a, b, site=site: text(a, b, site))
            at = site.end
        return out + data[at:end].decode()
    return text(0, len(data))
