"""Plans as files: the same lines as txt, GBK, docx, html and pdf."""

import html
import io
from collections.abc import Callable, Sequence

import docx
import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

TEXT = """云屿市海洋渔业三年行动计划（2025—2027年）

为做强海洋渔业，推动渔业高质量发展，结合我市实际，制定本行动计划。
一、总体要求
（一）指导思想。坚持绿色发展、创新驱动，完整、准确、全面贯彻新发展理念，推动海洋渔业提质增效，加快建设现代渔业强市。
（二）主要目标。到2027年，全市渔业产值突破1.2万亿元，占农业的比重达68%左右，单位产值能耗比2022年下降17%，远洋渔船达到900艘以上。
二、重点任务
（一）做强养殖
1.建设网箱。围绕产业链完善配套设施，每年新建深水网箱600口、码头2座，力争到2027年深水网箱总数达到3000口左右，带动养殖户增收。（责任单位：市渔业局、财政局、市场监管局按职责分工负责）
2.改良品种。推广优良品种，建立良种繁育体系，良种覆盖率、标准化率分别达到90%和80%。（市渔业局牵头，市科技局、各区人民政府配合）
（二）做强加工
3.培育龙头。培育营收超百亿元企业2家、5亿元以上项目16个，落实研发费用100%加计扣除政策，引进世界500强企业。（责任单位：市工业和信息化局）
三、保障措施
（一）加强组织领导。成立工作专班，每季度召开1次调度会，协调解决重大问题。（责任单位：市委考核办）"""
PLAN = TEXT.split("\n")


def as_docx(lines: Sequence[str]) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_html(lines: Sequence[str]) -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
    menu = "<div><a href='/'>首页</a><script>var x = '一、假的';</script></div>"
    page = f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{menu}{body}</body>"
    return f"{page}</html>".encode()


def as_pdf(lines: Sequence[str], *, size: int = 12) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle(
        "body", fontName="STSong-Light", fontSize=size, leading=20, firstLineIndent=2 * size,
        wordWrap="CJK",
    )  # fmt: skip
    buffer = io.BytesIO()
    made = [Paragraph(html.escape(line), style) for line in lines if line.strip()]
    SimpleDocTemplate(buffer).build(made)
    return buffer.getvalue()


FORMS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "utf8": lambda lines: "\n".join(lines).encode(),
    "utf8_bom": lambda lines: "\n".join(lines).encode("utf-8-sig"),
    "gbk": lambda lines: "\r\n".join(lines).encode("gb18030"),
    "utf16": lambda lines: "\n".join(lines).encode("utf-16"),
    "docx": as_docx,
    "html": as_html,
    "pdf": as_pdf,
    "pdf_large": lambda lines: as_pdf(lines, size=18),
}


@pytest.fixture
def plan() -> list[str]:
    return list(PLAN)


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> Callable[[Sequence[str]], bytes]:
    return FORMS[request.param]
