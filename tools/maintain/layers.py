"""The rules that the shape of the code keeps, as functions of its text: check-layers asks them of the
tree, tests/scripts/run-layers of small ones that break a rule each."""

import fnmatch
import os
import re
from collections import defaultdict

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)

# Who may not see what, be it through other headers. A rule about files that are not there has lost its
# subject, which is as bad as a breach.
UNSEEN = (
    ("the emitter sees the tree only", ("backends/emit/",),
     r"compiler/(meaning/(policy|resolve|rules)|profile/.*)\.h"),
    ("the prover must not share what it hunts", ("backends/prove/", "compiler/logic/"),
     r"compiler/tree/.*|backends/emit/.*"),
)

# Libraries and kernel headers that are some files' alone.
ALONE = (
    ("jsmn is json.c's alone", r"jsmn\.h", r"compiler/read/json\.c"),
    ("libyaml is yaml.c's alone", r"yaml\.h", r"compiler/read/yaml\.c"),
    ("kernel headers are for tools", r"linux/.*|asm/.*", r"tools/.*"),
)

PRINTS = (r"(^|[^a-z_])(f|fd|fre)?open *\("
          r"|(^|[^a-z_])(v?f?printf|f?puts|f?putc|putchar|perror) *\(")

# An ABI is told from the others by its address, a word of its own, a number of its own, or a column of
# the tables. Two fields of one row may be compared, and a field with a variable.
_WORD = r"(abi|native)[a-z_]*(\[[^]]*\]|\(\))?(->|\.)(name|oci|moby)"
_COMPARE = r"(cmp|same|equals?|_is|strstr)\( *"
ONE_ABI = (
    r"(==|!=) *&arch_abis|&arch_abis\[[^]]*\] *(==|!=)",
    _COMPARE + r"([^,\"]*" + _WORD + r" *, *\"|\"[^\"]*\" *, *[^,\"]*" + _WORD + r")",
    r"arch_find\( *\"",
    r"(->|\.)(audit|enosys) *(==|!=) *[0-9]",
    r"(^|[^A-Za-z0-9_])(NUMBERING_[a-z]|ERRNO_(GENERIC|MIPS|PARISC|POWERPC))",
)

SAID = (
    ("compiler/ opens and prints nothing", r"compiler/.*", (PRINTS,)),
    ("an ABI is data: add a descriptor field", r"(compiler|backends|tools)/.*", ONE_ABI),
)


def rooms(table):
    """The table of rooms: {folder: folders it may include}; complaints about the table itself."""
    allowed, wrong = {}, []
    for line in table.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        for word in words[1:]:
            if word not in allowed:
                wrong.append(f"rooms.tbl: {words[0]} is not above {word}")
        allowed[words[0]] = set(words[1:])
    return allowed, wrong


def includes(tree):
    """{file: [(line, quoted, path)]}, a quoted path from the top of the tree."""
    found = {}
    for name, text in tree.items():
        found[name] = []
        for match in INCLUDE.finditer(text):
            quoted, path = match.group(1) == '"', match.group(2)
            if quoted:
                path = os.path.normpath(os.path.join(os.path.dirname(name), path))
            found[name].append((text.count("\n", 0, match.start()) + 1, quoted, path))
    return found


def place(tree, name, line):
    return f"{name}:{line}:{tree[name].splitlines()[line - 1]}"


def arrows(tree, inc, allowed):
    """Every include lies in the file's own folder or in one that the table allows it."""
    for name in tree:
        room = os.path.dirname(name)
        if room not in allowed:
            yield f"{name}: the folder is not in rooms.tbl"
            continue
        for line, quoted, path in inc[name]:
            to = os.path.dirname(path)
            if quoted and to != room and to not in allowed[room]:
                yield f"{room} may not include {to or path}\n{place(tree, name, line)}"
    for room, may in allowed.items():
        had = {os.path.dirname(p) for n in tree if os.path.dirname(n) == room for _, q, p in inc[n] if q}
        for unused in sorted(may - had):
            yield f"rooms.tbl: {room} does not include {unused}"


def circles(tree, inc):
    """No way from a file (.c and .h are one) back to itself. Depth first without recursion."""
    def module(path):
        return re.sub(r"\.[ch]$", "", path)

    to = defaultdict(set)
    for name in tree:
        to[module(name)] |= {module(p) for _, q, p in inc[name] if q and p in tree} - {module(name)}
    state = {}
    for start in sorted(to):
        stack = [(start, iter(sorted(to[start])))] if start not in state else []
        state.setdefault(start, "open")
        while stack:
            top, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                state[top] = "done"
                stack.pop()
            elif state.get(step) == "open":
                way = [n for n, _ in stack]
                yield "a circle of files: " + " -> ".join(way[way.index(step):] + [step])
            elif step not in state:
                state[step] = "open"
                stack.append((step, iter(sorted(to[step]))))


def seen(inc, name):
    """All that a file includes, through headers too."""
    found, todo = set(), [name]
    while todo:
        for _, quoted, path in inc.get(todo.pop(), ()):
            if quoted and path not in found:
                found.add(path)
                todo.append(path)
    return found


def fences(tree, inc):
    for why, where, pattern in UNSEEN:
        for folder in where:
            files = [n for n in sorted(tree) if n.startswith(folder)]
            if not files:
                yield f"{why}: there is nothing in {folder}"
            for name in files:
                for path in sorted(p for p in seen(inc, name) if re.fullmatch(pattern, p)):
                    yield f"{why}: {name} sees {path}"
    for why, header, whose in ALONE:
        for name in tree:
            for line, quoted, path in inc[name]:
                if not quoted and re.fullmatch(header, path) and not re.fullmatch(whose, name):
                    yield f"{why}\n{place(tree, name, line)}"


def said(tree):
    for why, where, patterns in SAID:
        for name, text in tree.items():
            if not re.fullmatch(where, name):
                continue
            for pattern in patterns:
                for number, line in enumerate(text.splitlines(), 1):
                    if re.search(pattern, line):
                        yield f"{why}\n{name}:{number}:{line}"


def complaints(tree, table):
    allowed, wrong = rooms(table)
    inc = includes(tree)
    yield from wrong
    yield from arrows(tree, inc, allowed)
    yield from circles(tree, inc)
    yield from fences(tree, inc)
    yield from said(tree)


def untested(tree, tests, table):
    """Every file of code has a unit test of its name, or a row of covered.tbl that names a test there is."""
    names = {os.path.splitext(os.path.basename(t))[0] for t in tests} | {t.removeprefix("tests/") for t in tests}
    rows = [line.split() for line in table.splitlines() if line and not line.startswith("#")]
    used = set()
    for name in sorted(n for n in tree if n.endswith(".c")):
        folder, file = os.path.split(name)
        if f"tests/unit/{folder}/test_{file}" in tests:
            continue
        row = next((r for r in rows if fnmatch.fnmatchcase(name, r[0]) and r[0].count("/") == name.count("/")), None)
        if row is None:
            yield f"{name}: no test of its name, and no row of tests/covered.tbl"
        else:
            used.add(row[0])
    for pattern, test in rows:
        if pattern not in used:
            yield f"covered.tbl: {pattern} is no file without a test of its name"
        if test not in names:
            yield f"covered.tbl: there is no test {test}"


def writable(dump):
    """Of objdump -t: symbols in sections a program can write to, as (object, symbol). Tables of pointers
    lie in .data.rel.ro, which the loader makes read-only; names in __ and . are the compiler's."""
    name = None
    for line in dump.splitlines():
        match = re.match(r"(\S+): +file format", line)
        if match:
            name = match.group(1)
        elif "\t" in line:
            head, tail = line.split("\t", 1)
            section, symbol = head.split()[-1], tail.split()[-1]
            if (re.match(r"\.t?data|\.t?bss|\.s(data|bss)|\*COM\*", section)
                    and not section.startswith(".data.rel.ro") and not symbol.startswith(("__", "."))):
                yield name, symbol
