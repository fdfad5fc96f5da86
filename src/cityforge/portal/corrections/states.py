"""The states of a correction, and what may follow what."""

from cityforge.brain.errors import Text

SUBMITTED, ACCEPTED = "submitted", "accepted"
REFUSED, WITHDRAWN = "refused", "withdrawn"

STATES: dict[str, Text] = {
    SUBMITTED: Text(zh="待核实", en="to be verified"),
    ACCEPTED: Text(zh="已采纳", en="accepted"),
    REFUSED: Text(zh="不采纳", en="refused"),
    WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
}
LIGHTS: dict[str, str] = {
    SUBMITTED: "amber",
    ACCEPTED: "green",
    REFUSED: "red",
    WITHDRAWN: "grey",
}
FOLLOWS: dict[str, frozenset[str]] = {
    SUBMITTED: frozenset({ACCEPTED, REFUSED, WITHDRAWN}),
    ACCEPTED: frozenset(),
    REFUSED: frozenset(),
    WITHDRAWN: frozenset(),
}
