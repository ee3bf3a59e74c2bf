"""What belongs to no role: site trailers, contact lines, the company about itself, rules and stray marks.

Nothing is dropped: each piece becomes a leftover that says why. The reasons are the constants below.
"""

from __future__ import annotations

import re

from pipeline.blocks import Label
from pipeline.segment import standing, titles
from pipeline.segment.headings import SECTION_KINDS
from pipeline.segment.pieces import Piece

TRAILER = "site trailer"
CONTACT = "contact"
COMPANY = "company introduction"
CLUTTER = "site clutter"
STRAY = "stray mark"
FRONT_MATTER = "front matter"
INTRODUCTION = "introduction"
COLLECTION = "document title"
GENERAL = "not about one role"
NO_POST = "not about a post"

_MARKS = re.compile(r"[\W_]{1,200}", re.ASCII)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        CLUTTER,
        re.compile(
            r"(?:您|你)?(?:现在的|当前)?(?:所在)?(?:位置|所在地)[》>:：]\S{0,30}[>»›》]|(?:您|你)?(?:现在的|当前)位置[:：]|首页\s*[>»›]|(?:上|下)一(?:篇|页)[:：]?|返回(?:首页|顶部)|打印本页|\[?(?:字号|字体)[:：]|(?:点击|浏览|阅读)(?:次数|量)?[:：]|(?:发布|更新)(?:时间|日期)[:：]"
        ),
    ),
    (
        CLUTTER,
        re.compile(
            r"招贤纳士$|人才招聘$|加入我们$|诚聘英才$|招聘信息$|招聘职位$|职位招聘$|招聘启事$|社会招聘$|校园招聘$|招聘岗位$|热招职位$|职位列表$"
        ),
    ),
    (
        CLUTTER,
        re.compile(r"第\s*\d{1,4}\s*页|共\s*\d{1,4}\s*页|[-—\s]*\d{1,4}\s*/\s*\d{1,4}[-—\s]*$|[-—]\s*\d{1,4}\s*[-—]$"),
    ),
    (CLUTTER, re.compile(r".{0,40}(?:版权所有|Copyright|©|备案号|[京沪粤苏浙赣]ICP备|技术支持[:：])", re.IGNORECASE)),
    (CLUTTER, re.compile(r"(?:热切|非常)?(?:期待|欢迎)(?:您|你|优秀的你)?(?:的)?加入.{0,4}$|等你来.{0,4}$")),
    (
        CLUTTER,
        re.compile(r"以上(?:就是|便是|是|为).{0,40}(?:小编|全部内容|介绍|整理|分享)|希望(?:对|能).{0,12}(?:帮助|参考)"),
    ),
    (CLUTTER, re.compile(r"(?:了解|查看|更多)(?:详情|更多)?$|(?:了解|查看)更多")),
    (
        CLUTTER,
        re.compile(
            r"(?:查看|点击|扫码|扫描|长按|关注|下载|分享|收藏|举报).{0,12}(?:更多|全文|下载|二维码|公众号|小程序|APP|分享|收藏|举报|微信)"
        ),
    ),
    (CONTACT, re.compile(r"(?:.{0,20}[:：\s])?[\w.+-]{1,40}@[\w-]{1,40}\.[\w.]{2,20}\W*$")),
    (
        CONTACT,
        re.compile(
            r"(?:联系|咨询|报名|招聘|固定|办公|前台|报修|服务|客服|投诉|[\u4e00-\u9fff]{2,3}\s)?(?:电话|手机|微信|QQ|vx|邮箱|热线|传真|Tel|E-?mail)(?:号码|号)?\s*[:：]",
            re.IGNORECASE,
        ),
    ),
    (
        CONTACT,
        re.compile(
            r"(?:有意者?|感兴趣|符合条件|应聘者|意向者).{0,40}(?:简历|联系|投递|邮箱|报名|电话)|(?:面试|应聘)?(?:前|者)?(?:请|欢迎).{0,10}(?:投递|发送|投)?简历|简历(?:请)?(?:投递|发送|发至)"
        ),
    ),
    (
        CLUTTER,
        re.compile(
            r"(?:立即|马上|我要|在线)?(?:申请|投递|应聘|收藏)(?:职位|简历|该职位)?$|返\s?回(?:顶部|首页)?$|回(?:到)?顶部$|收\s?藏(?:\s|$)|(?:去|到).{2,8}投简历"
        ),
    ),
    (CONTACT, re.compile(r"https?://\S{1,300}$|www\.\S{1,100}$")),
    (CLUTTER, re.compile(r"!?\[[^\]\n]{0,120}\]\(\S{1,300}?\)?\s*$|<img\s|更多.{0,12}(?:请|关注|查看|点击)")),
    (CLUTTER, re.compile(r"\|(?:\s*:?-{2,}:?\s*\|){1,12}$")),
)
_ANY_RULE = re.compile(
    "|".join(f"(?{'i' if pattern.flags & re.IGNORECASE else ''}:{pattern.pattern})" for _, pattern in _RULES)
)
"""Most pieces are none of this, which one match tells."""


_ABOUT_FIRM = re.compile(
    r"[\u4e00-\u9fff（）()]{2,24}(?:公司|集团|事务所|研究院)(?:[（(][^）)\n]{1,30}[）)])?[，,]?(?:是(?!否)|为(?=[一全国中])|成立于|创立于|创建于|始建于|创办于|隶属|坐落于|总部)"
)
"""例: "甲乙科技有限公司成立于2016年，由…投资"."""

_RELATED = re.compile(
    r"(?:[【\[「].{2,40}[】\]」]\s*)?(?:的?相关|更多|推荐|猜你喜欢)(?:文章|推荐|阅读|范文|内容|链接)?[:：]?"
)
"""例: "【文员岗位职责】相关文章：" above a list of links."""

_RULES_FOR_ALL = re.compile(
    r".{0,12}(?:守则|须知|管理规定|管理制度|管理办法|行为规范|奖惩(?:制度|办法)|面试题.{0,6}|参考资料|参考文献|附则)[:：]?|References?|Q\s?&\s?A|END"
)
"""Headings of what is not about one role: "学生实验守则", "Q & A"."""


_POST = re.compile(
    r"招聘|诚聘|急聘|岗位|职位|任职|应聘|优先|学历|相关专业|五险|底薪|月薪|薪资|工资|待遇|简历|熟练|精通|入职|面试|大专|本科|经验者"
    r"|工作经验|开发经验|项目经验|无需经验|\d年|年以上|补贴|包吃|包住|早班|晚班|上班|全勤|年龄|加班|双休|实习"
    r"|(?:^|[。；;\s、）)])(?:负责|参与|协助|熟悉|具备|具有|有.{0,12}经验)",
    re.MULTILINE,
)
"""What a text about a post says somewhere; one in ninety crawled texts is news, or a firm's line of business."""


_SCOPE = re.compile(r"(?:一般|许可)?经营(?:项目是?|范围)[:：]|依法须经批准的?项目|经相关部门批准后方可")
"""A line of business, as the register of companies words it."""


def no_post(text: str, pieces: list[Piece]) -> bool:
    """Whether running text, without a heading or a list, has nothing that is said of posts."""
    if any(
        p.note == TRAILER or p.marker or (p.heading and p.heading.kind in (*SECTION_KINDS, "title")) for p in pieces
    ):
        return False
    scope = any(_SCOPE.search(text, p.start, p.end) for p in pieces)
    return scope or not any(_POST.search(text, p.start, p.end) for p in pieces)


def mark(text: str, pieces: list[Piece]) -> None:
    """Label the pieces that belong to no role, each with its reason."""
    _front_matter(text, pieces)
    section: str | None = None  # the reason while inside a section that is no part of a role
    level = ""  # of the Markdown heading that the section stands under
    for i, piece in enumerate(pieces):
        if piece.label:
            continue
        if i and standing.is_value(pieces, i):
            continue
        style = piece.markdown
        if section == COMPANY and style and style <= level and piece.heading is None:
            section = None
        before, section = section, _section(text, pieces, i, section)
        level = style if section != before else level
        reason = section or (None if i == 0 and titles.linked(piece.text(text)) else _reason(text, piece))
        if reason:
            piece.label, piece.note = Label.LEFTOVER, reason


def _front_matter(text: str, pieces: list[Piece]) -> None:
    """The settings between two fences at the head of a Markdown page."""
    fence = text[pieces[0].start : pieces[0].end] if pieces else ""
    if fence not in ("+++", "---"):
        return
    for i, piece in enumerate(pieces[1:60], 2):
        if text[piece.start : piece.end] == fence:
            for inner in pieces[:i]:
                inner.label, inner.note = Label.LEFTOVER, FRONT_MATTER
            return


def _section(text: str, pieces: list[Piece], i: int, section: str | None) -> str | None:
    """The clutter section that a piece is in."""
    piece = pieces[i]
    heading = piece.heading
    if (
        piece.whole
        and (piece.marker is None or piece.marker.style.startswith(("hash", "chinese")))
        and _RULES_FOR_ALL.fullmatch(piece.text(text))
    ):
        return GENERAL
    if piece.whole and _RELATED.fullmatch(text[piece.start : piece.end]):
        return TRAILER
    if heading is None:
        if section == CONTACT and piece.first:
            return None
        if section in (COMPANY, GENERAL) and piece.first and titles.explicit(piece.text(text)):
            return None
        return section
    if heading.kind == "trailer":
        return TRAILER
    if heading.kind == "company" and heading.use == "plain":
        return section if _in_menu(text, pieces, i) else COMPANY
    if heading.kind == "contact":
        return section or CONTACT
    if section == COMPANY and heading.kind == "other" and heading.use == "strong":
        _spare_title(text, pieces, i)
        return None
    if section in (COMPANY, TRAILER, GENERAL):
        if (heading.kind in ("duties", "requirements") and heading.use != "field") or heading.kind == "title":
            _spare_title(text, pieces, i)
            return None
        return section
    return None if heading.kind in (*SECTION_KINDS, "title") else section


def _in_menu(text: str, pieces: list[Piece], i: int) -> bool:
    """Whether a company heading is a word of the site's menu: short lines stand above and below it."""
    around = [*pieces[max(0, i - 1) : i], *pieces[i + 1 : i + 3]]
    short = [p for p in around if p.whole and p.end - p.start <= 6 and text[p.end - 1] not in "。：:"]
    short = [p for p in short if not ((named := titles.bare(p.text(text))) and titles.ends_like_title(named.title))]
    if not pieces[i].whole or not short:
        return False
    for piece in (pieces[i], *short):
        piece.label, piece.note = Label.LEFTOVER, CLUTTER
    return True


def _spare_title(text: str, pieces: list[Piece], i: int) -> None:
    """A bare title above the heading that ends a clutter section is no clutter, nor are the fields between the two."""
    for j in range(i - 1, max(-1, i - 9), -1):
        above = pieces[j]
        if above.label != Label.LEFTOVER:
            return
        if above.heading is None and above.whole:
            named = titles.bare(above.text(text))
            if named and titles.ends_like_title(named.title):
                for piece in pieces[j:i]:
                    piece.label = piece.note = None
            return
        if above.heading is None and (above.first or pieces[j - 1].heading is None):
            return


def _reason(text: str, piece: Piece) -> str | None:
    words = text[piece.start : piece.end]
    if not any(c.isalnum() for c in words):
        return STRAY
    if piece.heading and piece.heading.kind in SECTION_KINDS:
        return None
    body = piece.text(text)
    body = "".join(body.split()) if len(body) <= 12 else body  # "招 贤 纳 士"
    if piece.first and piece.marker is None and piece.heading is None and _ABOUT_FIRM.match(body):
        return COMPANY
    if len(words) > 240:
        return None
    if _ANY_RULE.match(body):
        return next(reason for reason, pattern in _RULES if pattern.match(body))
    return None
