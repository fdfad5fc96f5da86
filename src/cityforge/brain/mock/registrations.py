"""Real registrations as the frame: every row is kept as it came, mock figures hang on it.

What the file does not say is guessed and is mock: the industry by words in the name and scope, the
size by luck and registered capital. No one is said to have been closed.
"""

import csv
import datetime as dt
import re
from pathlib import Path

import numpy as np

from cityforge.brain.city.folder import City
from cityforge.brain.errors import DataRefused, Problem, Text, ValueRefused
from cityforge.brain.mock import enterprises as mocked
from cityforge.brain.mock.enterprises import Counts, Enterprises
from cityforge.brain.mock.industries import industries
from cityforge.brain.mock.setting import Setting
from cityforge.brain.mock.streams import Flags, Floats, Integers, Words, stream
from cityforge.brain.values import credit_code
from cityforge.brain.values.credit_code import CreditCode

# Header in the file -> column it is; the rest of the file is not needed.
HEADERS = {
    "企业名称": "name",
    "统一社会信用代码": "uscc",
    "注册日期": "registered_on",
    "企业类型": "company_type",
    "注册资金": "capital",
    "经营范围": "business_scope",
    "注册地址": "address",
}
_UNKNOWN = ("", "N/A")
_CAPITAL = re.compile(r"(\d+(?:\.\d+)?)(?:\(万元人民币\)|\(万元\)|\(万\)|万元?人民币元?|万元?)")
# Words in a name that say: not industry. 大类 of GB/T 4754-2017.
_OTHER_TRADES = (
    ("51", ("供销", "物资", "贸易", "商贸", "进出口", "批发", "经营部", "经销", "农资", "粮库")),
    ("52", ("超市", "商店", "商场", "门市", "药房", "药店", "加油站", "销售", "连锁", "分店")),
    ("61", ("宾馆", "酒店", "饭店", "餐饮", "招待所")),
    ("54", ("运输", "物流", "客运", "出租汽车", "汽车站", "货运")),
    ("60", ("邮政", "速递", "快递")),
    ("63", ("电信", "移动通信", "联合网络", "营业厅", "广电")),
    ("47", ("建筑", "建设", "安装工程", "装饰", "路桥", "市政")),
    ("70", ("房地产", "置业", "物业")),
    ("66", ("银行", "信用社", "担保", "小额贷款", "典当", "支行", "投资")),
    ("68", ("保险", "人寿")),
    ("72", ("咨询", "代理", "广告", "事务所", "人才", "劳务", "旅行社")),
    ("65", ("软件", "网络", "信息技术")),
    ("01", ("种植", "养殖", "农场", "林场", "苗木", "农业发展", "专业合作社", "农机服务")),
)
# Words that say something is made. Without one, and without a trade, a row is taken for trade.
_MAKING = ("制造", "生产", "加工", "厂", "织", "铸", "锻", "印")
_TRADE = "51"


def read(file: Path, city: City, counts: Counts, setting: Setting) -> Enterprises:
    """The rows of `file` as Enterprises; `counts.above` of them are taken to be above scale.

    Raises DataRefused when the file lacks a header. Rows whose code is no valid credit code are
    kept and have no figures: no bureau could say whose they are.
    """
    rows, seed, years = _rows(file), setting.seed, setting.years
    text = {name: _column(rows, header) for header, name in HEADERS.items()}
    capital = np.array([_capital(value) for value in text["capital"]])
    owner = np.array([_owner(code) for code in text["uscc"]], dtype=object)
    division, industry = _industries(text["name"], text["business_scope"], owner, seed)
    registered_on = np.array([_day(value) for value in text["registered_on"]], "datetime64[D]")
    district, region = _districts(city, text)
    eligible = (division >= 0) & (registered_on < np.datetime64(f"{years[-1] - 1}-01-01"))
    log_size = _sizes(seed, counts, division, capital, eligible)
    return Enterprises(
        code=text["uscc"],
        name=text["name"],
        registered_on=registered_on,
        started_on=mocked.started_on(seed, registered_on, log_size >= np.log(2000.0), years),
        closed_on=np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[D]"),
        status=np.full(len(rows), "存续", dtype=object),
        company_type=text["company_type"],
        division=division,
        industry_code=industry,
        district=district,
        park=np.full(len(rows), -1, dtype=np.int64),
        region=region,
        address=text["address"],
        scope=text["business_scope"],
        capital=capital,
        log_size=log_size,
        given={"registered_on": text["registered_on"]},
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream_:
        reader = csv.DictReader(stream_)
        missing = [header for header in HEADERS if header not in (reader.fieldnames or ())]
        if missing:
            what = Text(
                zh=f"底册缺少表头：{'、'.join(missing)}",
                en=f"the frame lacks the headers {', '.join(missing)}",
            )
            hint = Text(zh="表头须齐全，文件为 UTF-8 的 CSV", en="A UTF-8 CSV with all headers.")
            raise DataRefused([Problem(str(file), 1, 1, what, hint)])
        return list(reader)


def _column(rows: list[dict[str, str]], header: str) -> Words:
    cells = [None if row[header] in _UNKNOWN else row[header] for row in rows]
    return np.array(cells, dtype=object)


def _owner(code: str | None) -> str | None:
    """The plain code when it is a valid credit code."""
    try:
        parsed = credit_code.parse(code or "")
    except ValueRefused:
        return None
    return parsed.code if isinstance(parsed, CreditCode) else None


def _day(text: str | None) -> "np.datetime64":
    try:
        return np.datetime64(dt.date.fromisoformat(text or ""), "D")
    except ValueError:
        return np.datetime64("NaT", "D")


def _capital(text: str | None) -> float:
    """万元, in the simple spellings only; foreign money and the rest stay unknown."""
    match = _CAPITAL.fullmatch(text or "")
    return float(match[1]) if match else float("nan")


def _industries(name: Words, scope: Words, owner: Words, seed: int) -> tuple[Integers, Words]:
    """The division (-1: no industry, or no valid code, or a code seen before) and the 小类."""
    draw = stream(seed, "frame/industries")
    weights = industries().coefficients["weight"] / industries().coefficients["weight"].sum()
    division, codes = np.full(len(name), -1, dtype=np.int64), np.empty(len(name), dtype=object)
    lots, turns = draw.choice(len(weights), len(name), p=weights), draw.random(len(name))
    seen: set[str] = set()
    for index, (words, more, code) in enumerate(zip(name, scope, owner, strict=True)):
        trade = _other_trade(words or "")
        guess = -1 if trade else _guess(words or "", more or "", int(lots[index]))
        codes[index] = trade or (
            _product(guess, words or "", turns[index]) if guess >= 0 else _TRADE
        )
        if code is not None and code not in seen:
            division[index] = guess
            seen.add(code)
    return division, codes


def _other_trade(name: str) -> str | None:
    made = any(word in name for word in _MAKING)
    found = (code for code, words in _OTHER_TRADES if any(word in name for word in words))
    return None if made else next(found, None)


def _guess(name: str, scope: str, else_: int) -> int:
    """The division whose longest word stands in the name, else in the scope, else `else_`.

    -1 where neither the name tells an industry nor anything is said to be made.
    """
    makes = any(word in name + scope for word in _MAKING)
    for text in (name, scope[:60] if makes else ""):
        hits = [
            (len(word), -division)
            for division, words in enumerate(industries().keywords)
            for word in words
            if word in text
        ]
        if hits:
            return -max(hits)[1]
    return else_ if makes else -1


def _product(division: int, name: str, turn: float) -> str:
    products = [industries().products[index] for index in industries().products_of[division]]
    named = [product for product in products if product.word in name]
    return (named or products)[int(turn * len(named or products))].code


def _districts(city: City, text: dict[str, Words]) -> tuple[Integers, Words]:
    """The district by the region in the code, else by the name or address; and that region."""
    index_of = {district.id: index for index, district in enumerate(city.place.districts)}
    by_code = {code: index_of[district] for code, district in city.district_of_code().items()}
    found = np.full(len(text["uscc"]), -1, dtype=np.int64)
    regions = np.empty(len(found), dtype=object)
    for row, (code, name, address) in enumerate(
        zip(text["uscc"], text["name"], text["address"], strict=True)
    ):
        region = _region(code or "")
        regions[row] = region
        known = by_code.get(region or "")
        found[row] = known if known is not None else _named(city, f"{name} {address}")
    return found, regions


def _region(code: str) -> str | None:
    """Where it was registered: by a credit code, or by an old number of fifteen digits."""
    part = code[2:8] if len(code) == 18 else code[:6] if len(code) == 15 else ""
    sound = part.isascii() and part.isdigit() and (len(code) == 18 or code.isdigit())
    return part if sound else None


def _named(city: City, text: str) -> int:
    hits = (
        index
        for index, district in enumerate(city.place.districts)
        if district.title in text or district.short in text
    )
    return next(hits, -1)


def _sizes(
    seed: int, counts: Counts, division: Integers, capital: Floats, eligible: Flags
) -> Floats:
    """Log sizes; the larger the capital, the likelier above scale. At most half are above."""
    draw = stream(seed, "frame/sizes")
    shift = industries().of("size", division)
    listed, smaller = mocked.listed_sizes(draw, shift), mocked.smaller_sizes(draw, shift)
    known = np.where(np.isnan(capital), 50.0, np.maximum(capital, 1.0))
    merit = np.log(known) + draw.normal(0.0, 1.5, len(capital))
    above = min(counts.above, int(eligible.sum()) // 2)
    order = np.argsort(np.where(eligible, -merit, np.inf), kind="stable")
    size = smaller
    size[order[:above]] = np.sort(listed[order[:above]])[::-1]
    return size
