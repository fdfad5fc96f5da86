"""An expression's text to nodes: SQLGlot reads the operators, a closed table narrows its tree.

Brackets, calls, lists and `case … end` are taken apart here, innermost first and without
recursion, so SQLGlot only ever sees one flat run of operands and operators, each operand a word
that carries its number. That is how every node knows its place, and why no depth of brackets can
exhaust the stack.
"""

from dataclasses import dataclass, field
from typing import Literal

from sqlglot.tokenizer_core import TokenType

from cityforge.brain.errors import Text
from cityforge.brain.expr import nodes, run, tokens
from cityforge.brain.expr.nodes import Node
from cityforge.brain.expr.problems import refused, too_deep
from cityforge.brain.expr.run import Item
from cityforge.brain.expr.tokens import Piece

DEEPEST = 100  # levels of one expression; the machines recurse over it


def parse(text: str) -> Node:
    """The expression as nodes; raises ProblemsFound with the line and column of what is wrong."""
    pieces, end = tokens.cut(text)
    frames = [_Frame(None, "text")]
    for piece in pieces:
        _take(frames, piece)
    if len(frames) > 1:
        opener = frames[-1].opener or pieces[0]
        raise refused(
            opener.span,
            Text(zh=f"“{opener.text}”没有结束", en=f"{opener.text!r} is never closed"),
            Text(zh="补上“end”", en="add end") if frames[-1].kind == "case"
            else Text(zh="补上“)”", en="add )"),
        )  # fmt: skip
    node = run.read(frames[0].run, end)
    if nodes.depth(node) > DEEPEST:
        raise too_deep(node.span)
    return node


@dataclass(slots=True)
class _Frame:
    """What is open: the text itself, a bracket, a call's or a list's arguments, a case."""

    opener: Piece | None
    kind: Literal["text", "bracket", "call", "list", "case"]
    name: Piece | None = None
    done: list[Node] = field(default_factory=list)
    run: list[Item] = field(default_factory=list)


def _take(frames: list[_Frame], piece: Piece) -> None:
    frame = frames[-1]
    if piece.kind is TokenType.L_PAREN:
        frames.append(_opened(frame, piece))
    elif piece.kind is TokenType.R_PAREN:
        _close(frames, piece)
    elif piece.kind is TokenType.COMMA:
        if frame.kind not in ("call", "list"):
            raise refused(
                piece.span,
                Text(zh="这里不能有逗号", en="no comma here"),
                Text(zh="数字里不写千分位逗号", en="write numbers without thousands separators"),
            )
        frame.done.append(run.read(frame.run, piece.span))
        frame.run = []
    elif piece.kind is TokenType.CASE:
        frames.append(_Frame(piece, "case", run=[_item(piece)]))
    elif piece.kind is TokenType.END:
        _end_case(frames, piece)
    else:
        frame.run.append(_item(piece))
    if len(frames) > DEEPEST:
        raise too_deep(piece.span)


def _item(piece: Piece) -> Item:
    return Item(piece.span, piece.kind, piece.text, piece.node)


def _opened(frame: _Frame, piece: Piece) -> _Frame:
    before = frame.run[-1] if frame.run else None
    if before and before.kind is TokenType.IN:
        return _Frame(piece, "list")
    if before and isinstance(before.node, nodes.Name) and before.kind is TokenType.VAR:
        frame.run.pop()
        return _Frame(piece, "call", Piece(before.span, before.kind, before.text))
    return _Frame(piece, "bracket")


def _close(frames: list[_Frame], piece: Piece) -> None:
    frame = frames[-1]
    if frame.opener is None or frame.kind == "case":
        raise refused(
            piece.span,
            Text(zh="多出一个“)”", en="a ) too many"),
            Text(zh="case 还没有以 end 结束", en="the case before it lacks its end")
            if frame.kind == "case"
            else Text(zh="删去它，或在前面补上“(”", en="drop it, or add a ( before it"),
        )
    frames.pop()
    if frame.kind != "call" or frame.run or frame.done:
        frame.done.append(run.read(frame.run, piece.span))
    inside = frame.opener.span.to(piece.span)
    if frame.kind == "list":
        item = Item(inside, TokenType.L_PAREN, "(", options=tuple(frame.done))
    elif frame.name is not None:
        span = frame.name.span.to(piece.span)
        call = nodes.Call(span, frame.name.text.lower(), tuple(frame.done), frame.name.span)
        item = Item(span, TokenType.UNKNOWN, "(", call)
    else:
        # Not a VAR: `(a)(b)` is no call.
        item = Item(inside, TokenType.UNKNOWN, "(", frame.done[0])
    frames[-1].run.append(item)


def _end_case(frames: list[_Frame], piece: Piece) -> None:
    frame = frames[-1]
    if frame.opener is None or frame.kind != "case":
        raise refused(
            piece.span,
            Text(zh="end 前面没有 case", en="an end without its case"),
            Text(zh="检查括号是否成对", en="see whether each bracket is closed"),
        )
    frames.pop()
    node = run.read([*frame.run, _item(piece)], piece.span)
    span = frame.opener.span.to(piece.span)
    frames[-1].run.append(Item(span, TokenType.UNKNOWN, "case", node))
