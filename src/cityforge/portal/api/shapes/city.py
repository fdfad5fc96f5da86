"""The newest run, the desk, whose token it is."""

from datetime import date

from ninja import Schema

from cityforge.portal.api.shapes.answers import Words, told


class CityOut(Schema):
    """城市和最新一次运行 · The city and its newest run"""

    city: Words | None = told("城市", "the city")
    run: str | None = told("最新运行的编号", "id of the newest run", "2025-09-30-eaa37b610fec")
    as_of: date | None = told("数据截至", "the day of the data", "2025-09-30")
    year: int | None = told("评价年度", "the year evaluated", 2024)
    simulated: bool = told("是否模拟数据", "whether the data are made up", example=False)
    version: str = told("铸城的版本", "version of CityForge", "0.1.0")


class GradeOut(Schema):
    """一个等次有多少家 · How many enterprises have a grade"""

    grade: str = told("等次", "the grade", "A")
    title: str = told("等次的名称", "its name", "")
    count: int = told("家数", "how many", 51)
    share: float = told("占参评企业的百分比", "percent of the rated", 19.8)
    before: int | None = told("上年家数", "how many the year before", 48)


class FigureOut(Schema):
    """一个数字 · A figure"""

    id: str = told("代码", "its id", "exempt")
    title: Words = told("名称", "its name")
    value: str = told("数值，已按位数写好", "its value as it is written", "11")
    unit: Words = told("单位", "its unit")


class DeskOut(Schema):
    """全市或本地区一览 · The city, or one's own districts, at a glance"""

    sentence: Words = told("一句话", "in one sentence")
    scheme: Words = told("评价方案", "the scheme")
    scheme_id: str = told("方案代码", "id of the scheme", "lanhe_2025")
    year: int = told("评价年度", "the year evaluated", 2024)
    grades: list[GradeOut] = told("各等次", "each grade")
    rated: int = told("参评企业", "how many are rated", 257)
    others: list[FigureOut] = told("其他数字", "other figures")
    changed: list[FigureOut] | None = told(
        "升等和降等家数；没有上年为空", "how many rose and fell; null without a year before"
    )


class RoleOut(Schema):
    """账号今天的一个角色 · A role that the account holds today"""

    role: str = told("角色代码", "id of the role", "district_officer")
    title: Words = told("角色", "the role")
    organisation: str = told("机构", "the organisation", "青屿区")
    code: str = told("机构代码", "its code", "qingyu")
    ends: date | None = told("有效期至", "until", None)


class MeOut(Schema):
    """令牌和它的账号 · The token and its account"""

    username: str = told("用户名", "user name", "grid-system")
    name: str = told("姓名或系统名", "name", "供电公司接口")
    token: str = told("令牌的用途", "what the token is for", "每月报送用电")
    scopes: list[str] = told("令牌的权限", "what the token may be used for", ["read"])
    expires_on: date = told("令牌到期日", "the token's last day", "2026-09-30")
    roles: list[RoleOut] = told("账号的角色", "roles of the account")
