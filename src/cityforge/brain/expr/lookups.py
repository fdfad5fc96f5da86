"""Look-ups in a register: who is in it, since when, how often."""

from collections.abc import Sequence

from cityforge.brain.errors import Text
from cityforge.brain.expr import nodes, operands
from cityforge.brain.expr.nodes import Call
from cityforge.brain.expr.operands import Build, Context
from cityforge.brain.expr.typed import Op, Typed
from cityforge.brain.expr.types import Type

_LISTED = Text(zh="名录列在 registers/", en="registers are listed in registers/")


def is_of_register(node: Call) -> bool:
    """`count('名录')` counts the entries of a register; all else is counted over years."""
    is_words = len(node.arguments) == 1 and isinstance(node.arguments[0], nodes.Words)
    return node.function == "count" and is_words


def of_register(op: Op, type_: Type) -> Build:
    """A look-up in a register, which is named by its id or title."""

    def build(context: Context, node: Call, arguments: Sequence[Typed]) -> Typed | None:
        item, name = arguments[0], node.function
        if item.op is not Op.LITERAL or not isinstance(item.value, str):
            context.complain(
                item.span,
                Text(zh=f"{name} 要名录的名称", en=f"{name} takes the name of a register"),
                Text(zh=f"写作 {name}('名录')", en=f"write {name}('register')"),
            )
            return None
        register = context.scope.registers.get(item.value)
        if register is None:
            context.complain(
                item.span,
                Text(zh=f"没有名录“{item.value}”", en=f"no such register: {item.value}"),
                operands.hint_nearest(item.value, context.scope.registers, _LISTED),
            )
            return None
        return Typed(op, type_, value=register, span=node.span)

    return build
