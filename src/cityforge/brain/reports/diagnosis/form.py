"""The sheets and headers of a questionnaire as a workbook, for who writes and who reads it."""

QUESTIONS, FIRM, NOTES, LISTS = "问卷", "企业信息", "填报说明", "选项"
CUT = "@"  # before the id of a part that may be cut
HEADS = ("编号", "板块", "题目", "填写办法", "回答", "佐证材料", "建议的佐证", "城市已知")
SUBJECT = {
    "diagnosis": "诊断标识",
    "uscc": "统一社会信用代码",
    "name": "企业名称",
    "district": "所属区县",
    "industry": "所属行业",
    "size": "企业规模",
    "on": "填报日期",
}
