"""The states of a delivery, and what may follow what."""

from cityforge.brain.errors import Text

UPLOADED, CHECKED = "uploaded", "checked"
UNREADABLE, INTERRUPTED = "unreadable", "interrupted"
SUBMITTED, TAKING, APPROVED = "submitted", "taking", "approved"
RETURNED, WITHDRAWN, UNDONE = "returned", "withdrawn", "undone"

STATES: dict[str, Text] = {
    UPLOADED: Text(zh="检查中", en="being checked"),
    CHECKED: Text(zh="已检查，待提交", en="checked, to be submitted"),
    UNREADABLE: Text(zh="无法读取", en="unreadable"),
    INTERRUPTED: Text(zh="检查中断", en="check interrupted"),
    SUBMITTED: Text(zh="待审核", en="waits for the checker"),
    TAKING: Text(zh="接收中", en="being taken in"),
    APPROVED: Text(zh="已接收", en="approved"),
    RETURNED: Text(zh="已退回", en="returned"),
    WITHDRAWN: Text(zh="已撤回", en="withdrawn"),
    UNDONE: Text(zh="已撤销", en="undone"),
}
LIGHTS: dict[str, str] = {
    UPLOADED: "grey",
    CHECKED: "amber",
    UNREADABLE: "red",
    INTERRUPTED: "red",
    SUBMITTED: "amber",
    TAKING: "grey",
    APPROVED: "green",
    RETURNED: "red",
    WITHDRAWN: "grey",
    UNDONE: "grey",
}
# What is to be done in a state; the page says it first.
NEXT: dict[str, Text] = {
    UPLOADED: Text(
        zh="系统正在逐行检查，完成后本页自动更新。",
        en="The rows are being checked; this page renews itself.",
    ),
    CHECKED: Text(
        zh="看过结果后提交审核；有错的行可改正后重新上传。",
        en="Look at the result, then submit it; or mend the rows and upload again.",
    ),
    UNREADABLE: Text(
        zh="按下面的说明改正文件，重新上传。", en="Mend the file as told below and upload it again."
    ),
    INTERRUPTED: Text(
        zh="检查没有做完，数据没有任何变化。点“重新检查”。",
        en="The check did not end and nothing changed. Check again.",
    ),
    SUBMITTED: Text(
        zh="等本部门审核员核对后接收。", en="A checker of the bureau looks at it and takes it in."
    ),
    TAKING: Text(
        zh="已批准，正在写入；完成后本页自动更新。",
        en="Approved and being written; this page renews itself.",
    ),
    APPROVED: Text(zh="已入库，下一次运行就用它。", en="It counts: the next run reads it."),
    RETURNED: Text(
        zh="按审核意见改正后重新上传。", en="Mend it as the checker says and upload it again."
    ),
    WITHDRAWN: Text(
        zh="已撤回，不再处理；文件留存备查。", en="Withdrawn; the file is kept for the record."
    ),
    UNDONE: Text(zh="已撤销，用回此前的数据。", en="Undone: what counted before counts again."),
}
FOLLOWS: dict[str, frozenset[str]] = {
    UPLOADED: frozenset({UPLOADED, CHECKED, UNREADABLE, INTERRUPTED, WITHDRAWN}),
    INTERRUPTED: frozenset({UPLOADED, WITHDRAWN}),
    UNREADABLE: frozenset({WITHDRAWN}),
    CHECKED: frozenset({UPLOADED, SUBMITTED, WITHDRAWN}),
    SUBMITTED: frozenset({TAKING, RETURNED, WITHDRAWN}),
    TAKING: frozenset({APPROVED, SUBMITTED, RETURNED, TAKING, UPLOADED}),
    APPROVED: frozenset({UNDONE}),
    RETURNED: frozenset(),
    WITHDRAWN: frozenset(),
    UNDONE: frozenset(),
}
WORKING = (UPLOADED, TAKING)
DECIDING = (SUBMITTED, TAKING)
DRAFTS = (UPLOADED, CHECKED, UNREADABLE, INTERRUPTED)
