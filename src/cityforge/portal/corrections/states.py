"""The states of a correction, and what may follow what."""

from cityforge.brain.errors import Text

SUBMITTED, ACCEPTED = "submitted", "accepted"
REFUSED, WITHDRAWN, UNDONE = "refused", "withdrawn", "undone"

STATES: dict[str, Text] = {
    SUBMITTED: Text(zh="待核实", en="to be verified"),
    ACCEPTED: Text(zh="已采纳", en="accepted"),
    REFUSED: Text(zh="不采纳", en="refused"),
    WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
    UNDONE: Text(zh="认定已撤销", en="ruling undone"),
}
LIGHTS: dict[str, str] = {
    SUBMITTED: "amber",
    ACCEPTED: "green",
    REFUSED: "red",
    WITHDRAWN: "grey",
    UNDONE: "grey",
}
FOLLOWS: dict[str, frozenset[str]] = {
    SUBMITTED: frozenset({ACCEPTED, REFUSED, WITHDRAWN}),
    ACCEPTED: frozenset({UNDONE}),  # of what a proceeding ruled, where it undoes that
    REFUSED: frozenset(),
    WITHDRAWN: frozenset(),
    UNDONE: frozenset(),
}
