"""The states of a draft of a policy, and what may follow what."""

from cityforge.brain.errors import Text

DRAFTING, SUBMITTED, RETURNED = "drafting", "submitted", "returned"
PUBLISHING, PUBLISHED, WITHDRAWN = "publishing", "published", "withdrawn"

STATES: dict[str, Text] = {
    DRAFTING: Text(zh="起草中", en="being drafted"),
    SUBMITTED: Text(zh="待发布", en="waits to be published"),
    RETURNED: Text(zh="已退回", en="sent back"),
    PUBLISHING: Text(zh="正在写入", en="being written"),
    PUBLISHED: Text(zh="已发布", en="published"),
    WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
}
LIGHTS: dict[str, str] = {
    DRAFTING: "grey",
    SUBMITTED: "amber",
    RETURNED: "red",
    PUBLISHING: "amber",
    PUBLISHED: "green",
    WITHDRAWN: "grey",
}
# What is to be done in a state; the page says it first.
NEXT: dict[str, Text] = {
    DRAFTING: Text(
        zh="边写边查；改完保存，再提交给本部门的审核员发布。",
        en="It is checked as you write. Save it, then hand it to a checker of the bureau.",
    ),
    SUBMITTED: Text(
        zh="等本部门另一位同志（部门审核员）核对后发布；公众看到的还没有变。",
        en="Another person of the bureau, a checker, publishes it. The public sees no change yet.",
    ),
    RETURNED: Text(
        zh="按退回的原因改好，再提交。", en="Mend it as the reason says, then hand it in again."
    ),
    PUBLISHING: Text(
        zh="已批准，正在写入城市文件夹；中断了会自动接着写完。",
        en="Approved and being written; where that was cut short it is finished by itself.",
    ),
    PUBLISHED: Text(
        zh="政策目录已是新版；企业匹配、候选名单和测算从下次运行起按新版。",
        en="The catalogue has it; enterprises are matched by it from the next run on.",
    ),
    WITHDRAWN: Text(
        zh="已撤回，不再处理；文本留存备查。", en="Withdrawn; its text is kept for the record."
    ),
}
FOLLOWS: dict[str, frozenset[str]] = {
    DRAFTING: frozenset({DRAFTING, SUBMITTED, WITHDRAWN}),
    SUBMITTED: frozenset({DRAFTING, RETURNED, PUBLISHING, WITHDRAWN}),
    RETURNED: frozenset({DRAFTING, SUBMITTED, WITHDRAWN}),
    PUBLISHING: frozenset({PUBLISHED, SUBMITTED}),
    PUBLISHED: frozenset(),
    WITHDRAWN: frozenset(),
}
WRITING = (DRAFTING, RETURNED)
OPEN = (DRAFTING, RETURNED, SUBMITTED, PUBLISHING)

# How far a publication came: its file may stand already while it is `begun`.
BEGUN, DONE, FAILED = "begun", "done", "failed"
