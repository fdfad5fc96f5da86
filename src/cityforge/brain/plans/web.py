"""HTML to lines: one a block element, table rows as tab-separated cells."""

from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "table",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "footer",
        "dl",
        "dt",
        "dd",
        "pre",
        "blockquote",
        "center",
        "form",
        "hr",
        "figure",
        "figcaption",
        "main",
        "aside",
        "nav",
        "body",
    ]
)
_SILENT = frozenset(("script", "style", "noscript", "template", "svg", "head", "select", "button"))
_LONGEST_CELL = 160  # letters; a "table" with longer cells only arranges a page
_DEEPEST_TABLE = 20


def lines(text: str) -> list[str]:
    """The lines of a page. Layout tables (one column, or whole paragraphs in a cell) are text."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.parts: list[str] = []
        self.silent: list[str] = []
        self.tables: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.silent or tag in _SILENT:
            if tag in _SILENT:
                self.silent.append(tag)
            return
        if tag in _BLOCKS or tag in ("td", "th"):
            self._line()
        if tag == "table" and len(self.tables) < _DEEPEST_TABLE:
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            spans = dict(attrs)
            self.tables[-1].cell(_count(spans.get("colspan")), _count(spans.get("rowspan")))

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        if tag in _BLOCKS or tag in ("td", "th"):
            self._line()
        if tag == "table" and self.tables:
            self._emit(self.tables.pop().lines())

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(" ".join(data.split()) if data.strip() else " ")

    def finished(self) -> list[str]:
        self._line()
        while self.tables:
            self._emit(self.tables.pop().lines())
        return self.out

    def _line(self) -> None:
        line = "".join(self.parts).strip()
        self.parts.clear()
        if line:
            self._emit([line])

    def _emit(self, found: list[str]) -> None:
        if self.tables:
            self.tables[-1].add(found)
        else:
            self.out.extend(found)


class _Table:
    """The rows of one table; a cell over several rows is empty in all but its first."""

    def __init__(self) -> None:
        self.rows: list[list[list[str]]] = []
        self.below: dict[int, int] = {}  # column -> rows that a cell above still covers

    def cell(self, columns: int, rows: int) -> None:
        if not self.rows:
            self.rows.append([])
        row = self.rows[-1]
        self._covered(row)
        for i in range(columns):
            if rows > 1:
                self.below[len(row)] = rows - 1
            row.append([])
            if i:
                continue
        self.last = len(row) - columns

    last = 0

    def _covered(self, row: list[list[str]]) -> None:
        while self.below.get(len(row), 0) > 0:
            self.below[len(row)] -= 1
            row.append([])

    def add(self, found: list[str]) -> None:
        if not self.rows or not self.rows[-1]:
            self.rows.append([[]])
            self.last = 0
        self.rows[-1][self.last].extend(found)

    def lines(self) -> list[str]:
        cells = [cell for row in self.rows for cell in row]
        wide = max((len(row) for row in self.rows), default=0)
        if wide < 2 or any(sum(map(len, cell)) > _LONGEST_CELL for cell in cells):
            return [line for cell in cells for line in cell]
        joined = (["".join(cell).replace("\t", "") for cell in row] for row in self.rows)
        return ["\t".join([cell or "\u00a0" for cell in row]) for row in joined if any(row)]


def _count(text: str | None) -> int:
    return min(int(text), 50) if text and text.isascii() and text.isdigit() and int(text) else 1
