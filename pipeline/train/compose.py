"""Compose annotated pages: entries of a corpus of postings in random layouts. They teach; they never measure.

`harvest` takes entries out of postings whose headings leave no doubt; `page` sets some of them as a page of one or
more posts and says what each stretch is.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from pipeline.annotation import Annotation, Mark
from pipeline.segment import phrases
from pipeline.segment.cut import cut

Kinds = list[str]


class Harvest(NamedTuple):
    """What pages are composed of."""

    posts: list[dict[str, list[str]]]
    """Of each posting its entries by kind."""

    titles: list[str]
    companies: list[str]


_TITLE = regex.compile(r"[\p{Han}A-Za-z/]{2,12}")
_NO_TITLE = regex.compile(r"实习|招聘|诚聘|双休|包住|position|网易")
TRADES = ["叉车", "电焊", "水泵", "锅炉", "配色", "印染", "缝纫", "裁剪", "质检", "化验", "检验", "仓库", "物料", "采购", "计划", "工艺", "设备", "模具", "钳", "电", "木", "钢筋", "瓦", "架子", "测量", "资料", "安全", "造价", "预算", "施工", "监理", "绿化", "园林", "保洁", "客房", "前厅", "餐饮", "面点", "烧烤", "凉菜", "西餐", "咖啡", "收银", "理货", "导购", "营业", "店铺", "区域", "渠道", "大客户", "售后", "客服", "车间", "班组", "生产", "品控", "包装", "装配", "焊接", "喷漆", "数控", "机修", "冷冻", "给排水", "暖通", "强电", "弱电", "消防", "保安", "门岗", "监控", "巡逻", "司机", "押运", "调度", "配送", "装卸", "分拣", "报关", "单证", "船舶", "轮机", "甲板", "水手", "引航", "养殖", "饲料", "兽医", "种植", "农艺", "茶艺", "烘焙", "护理", "药剂", "检验", "影像", "康复", "口腔", "中医", "针灸", "助产", "麻醉", "病案", "医保", "教务", "班主任", "语文", "数学", "体育", "美术", "音乐", "舞蹈", "幼教", "保育", "图书", "档案", "讲解", "文物", "策展", "书记", "法官", "执行", "公证", "律师", "合规", "风控", "信贷", "柜面", "理赔", "核保", "精算", "出纳", "会计", "审计", "税务", "人事", "薪酬", "培训", "行政", "文秘", "前台", "后勤", "宣传", "编辑", "记者", "摄影", "剪辑", "播音", "主持", "灯光", "音响", "道具", "化妆", "场务", "编剧", "票务", "放映", "地质", "采矿", "通风", "爆破", "选矿", "勘探", "钻井", "采油", "炼油", "化工", "环保", "污水", "垃圾", "热力", "燃气", "供水", "变电", "输电", "线路", "抄表", "气象", "水文", "殡仪", "美容", "美发", "家政", "月嫂", "宠物", "健身", "游泳", "救生", "滑雪", "马术", "高尔夫", "导游", "计调", "乘务", "地勤", "安检", "机务", "列车", "信号", "轨道", "桥梁", "隧道", "沥青", "混凝土", "试验", "勘察", "设计", "规划"]
POSTS = ["员", "工", "师", "岗", "主管", "经理", "组长", "班长", "主任", "科员", "技术员", "操作工", "工程师", "专员", "助理", "部长", "负责人", "领班", "师傅", "学徒", "督导", "总监", "顾问", "教练", "教师", "老师", "医师", "护士", "长", "副主任", "干事", "管理员"]
_DUTIES = ["岗位职责", "工作职责", "职位描述", "主要职责", "职责描述", "工作内容", "岗位描述", "职责", "主要工作", "主要工作内容", "职责范围", "工作任务", "你要做的", "日常工作", "岗位内容", "职位职责", "干什么", "工作描述"]
_ASKED = ["任职要求", "岗位要求", "任职资格", "职位要求", "任职条件", "要求", "应聘条件", "招聘要求", "基本要求", "任职资格要求", "岗位条件", "我们希望你", "报名条件", "条件", "用人要求", "上岗条件", "资格条件"]
_QUALITIES = ["素质要求", "能力要求", "能力素质", "个人素质", "综合素质", "职业素养"]
_OFFERED = ["福利待遇", "薪资福利", "薪酬福利", "待遇", "福利", "工作待遇", "我们提供", "薪资待遇", "待遇及福利"]
_FIELDS = (
    ("招聘人数", "other", "2人|若干|1|3名|5|10人|数名"),
    ("工作地点", "other", "高新区|城北工业园|总部|滨江路店|码头三号门|驻场|县城|宁波北仑"),
    ("薪资待遇", "other", "4000-6000元/月|面议|6-8K|5500起|年薪8万|计件，月均6000"),
    ("学历要求", "requirements", "大专及以上|本科|高中|不限|中专以上|初中以上"),
    ("工作经验", "requirements", "1-3年|两年以上|不限|三年及以上|5年以上"),
    ("性别", "requirements", "不限|男|女"),
    ("年龄", "requirements", "18-45岁|35岁以下|不限|25-40"),
    ("专业要求", "requirements", "机械类|不限|会计、财务管理|食品科学与工程"),
    ("直接上级", "other", "部门经理|厂长|车间主任|店长|总经理"),
    ("直接下级", "other", "班组长|无|收银员、理货员"),
    ("所属部门", "other", "生产部|后勤保障部|工程科|护理部|营运中心"),
    ("岗位编号", "other", "SC-012|HR0603|07-02"),
    ("发布时间", "other", "2023-05-11|2021/9/3|3天前"),
    ("工作时间", "other", "8:30-17:30|长白班|三班两运转|做六休一"),
    ("工作性质", "other", "全职|兼职|劳务派遣"),
)
_HEAD = ["首页", "关于我们", "新闻中心", "产品中心", "人才招聘", "联系我们", "当前位置：首页 > 人才招聘", "加入我们", "招聘信息", "热招职位", "更新日期：2023-04-12", "浏览次数：318", "社会招聘", "校园招聘", "招贤纳士", "登录", "注册", "搜索职位", "全部职位", "分享到：", "字号：大 中 小", "来源：人力资源部", "招聘公告", "因业务发展需要，现面向社会招聘以下岗位：", "欢迎有志之士加入", "公司概况", "在线留言", "人力资源", "职位类别", "返回上一页"]
_FOOT = ["版权所有 保留一切权利", "技术支持：某某网络", "上一篇：没有了", "下一篇：年会通知", "返回列表", "打印本页", "关闭窗口", "应聘方式：将简历发送至邮箱，注明应聘岗位", "联系人：王女士", "联系电话：0571-8*******", "地址：开发区六号路", "友情链接", "ICP备00000000号", "相关文章", "猜你喜欢", "收藏", "举报", "本站声明", "还剩12页未读，继续阅读", "报名时间：即日起至月底", "有意者请将简历投至公司邮箱", "其他说明：资料恕不退还"]
_BUTTONS = ["立即申请", "投递简历", "我要应聘", "申请职位", "查看详情", "收起", "展开全部", "申请", "在线申请"]
_TAGS = ["全职 ", " 本科 ", " 3-5年", "杭州·全职·经验不限", "社招 / 技术类 / 上海", "五险一金 包吃住 双休", "大专 1-3年 全职", "急招", "不限经验  学历不限"]
_CN = "一二三四五六七八九十"


def harvest(texts: Iterable[tuple[str, str]]) -> Harvest:
    """The entries and titles of postings given as pairs of title and text."""
    posts, titles, companies = [], set(), []
    for title, text in texts:
        if _TITLE.fullmatch(title) and not _NO_TITLE.search(title):
            titles.add(title)
        found = _sections(text, companies)
        if len(found["duties"]) >= 3 and len(found["requirements"]) + len(found["qualities"]) >= 2:
            posts.append(found)
    return Harvest(posts, sorted(titles), companies)


def _sections(text: str, companies: list[str]) -> dict[str, list[str]]:
    """The entries that stand under plain headings, each begun by a marker."""
    out: dict[str, list[str]] = {"duties": [], "requirements": [], "qualities": [], "other": []}
    kind: str | None = None
    entry = ""
    for p in (*cut(text), None):
        words = text[p.body : p.end] if p else ""
        known = phrases.whole(words) if p else None
        heads = known is not None and known.use in ("strong", "plain") and words[-1:] in ":：】"
        if p is None or heads or p.marker:
            body = regex.sub(r"\s+", "", entry.strip()) if not regex.search("[A-Za-z]", entry) else entry.strip()
            if kind in out and 5 <= len(body) <= 140:
                out[kind].append(body)
            elif kind == "company" and 15 <= len(body) <= 200:
                companies.append(body)
            entry = ""
        if p is None:
            break
        if heads and known:
            kind = known.kind
        elif p.marker or entry:
            entry += text[p.body : p.end]
        elif kind == "company":
            entry = words
    return out


class _Page:
    """A page under construction: its text, and the blocks of which it consists."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.marks: list[Mark] = []

    def add(
        self,
        text: str,
        label: str | None = None,
        kinds: Sequence[str] = (),
        titles: Sequence[str] = (),
        alt: tuple[str, ...] = (),
        level: int | None = None,
    ) -> None:
        """Text that begins a block, or, without a label, goes on with the one before."""
        if label:
            at = self.size + len(text) - len(text.lstrip())
            self.marks.append(Mark(at, at, label, tuple(kinds), alt, level, tuple(titles)))
        self.parts.append(text)
        self.size += len(text)

    def annotation(self, name: str) -> Annotation:
        """The page as far as it goes."""
        text = "".join(self.parts)
        ends = [m.start for m in self.marks[1:]] + [len(text)]
        marks = tuple(m._replace(end=end) for m, end in zip(self.marks, ends, strict=True))
        return Annotation(name, "composed", text, marks)


class _Style(NamedTuple):
    """How the posts of a page look."""

    title: int
    fields: int
    heads: int
    marker: int
    line: str
    drop_heads: float
    button: int
    tag: int
    glue: float


def _style(rng: random.Random) -> _Style:
    line = rng.choices(["\n", "\n\n", "\n　　", "", " ", "\n  "], [8, 2, 1, 1.5, 1, 1])[0]
    return _Style(
        rng.randrange(20),
        rng.choices(range(6), [4, 2, 1, 2, 1, 1])[0],
        rng.randrange(8),
        rng.randrange(14),
        line,
        rng.choice([0, 0, 0, 0.5, 1]),
        rng.choices([0, 1], [5, 1])[0],
        rng.choices([0, 1], [4, 1])[0],
        rng.choice([0, 0, 0, 0.5, 1]),
    )


def page(stock: Harvest, rng: random.Random, name: str) -> Annotation:
    """A page and what it says."""
    out = _Page()
    style = _style(rng)
    count = rng.choices([1, 2, 3, 4, 5, 7], [5, 2, 3, 3, 2, 1])[0]
    titles = [_title(stock, rng) for _ in range(count)]
    flat = style.line.strip(" 　") == "" and "\n" not in style.line
    if rng.random() < 0.55:
        for line in rng.sample(_HEAD, rng.randrange(1, 9)):
            out.add(line, "boilerplate")
            out.add("\n" if not flat else " ")
    if rng.random() < 0.25 and stock.companies:
        out.add(rng.choice(stock.companies), "boilerplate")
        out.add("\n")
    if count > 2 and rng.random() < 0.2:
        for t in titles:
            out.add(t, "boilerplate")
            out.add("\n")
    table = count > 1 and rng.random() < 0.12
    if table:
        _table(out, stock, titles, rng)
    else:
        for i, title in enumerate(titles):
            _post(out, stock, style, title, i, rng)
            out.add(style.line if flat else style.line + "\n" * rng.choice([0, 0, 1, 1, 2]))
    if rng.random() < 0.5:
        for line in rng.sample(_FOOT, rng.randrange(1, 7)):
            out.add(line, "boilerplate")
            out.add("\n" if not flat else " ")
    return out.annotation(name)


def _title(stock: Harvest, rng: random.Random) -> str:
    if rng.random() < 0.35 and stock.titles:
        return rng.choice(stock.titles)
    lead = rng.choices(["", "高级", "副", "储备", "见习", "资深", "夜班"], [12, 1, 1, 1, 1, 1, 1])[0]
    return lead + rng.choice(TRADES) + rng.choice(POSTS)


_TITLES = (
    "{t}",
    "{t}",
    "{t}",
    "{n}、{t}",
    "{n}.{t}",
    "{c}、{t}",
    "（{c}）{t}",
    "0{n} {t}",
    "【{t}】",
    "■ {t}",
    "### {t}",
    "岗位名称：{t}",
    "职位：{t}",
    "岗位{c}：{t}",
    "招聘职位\n{t}",
    "{t}岗位职责",
    "{t}（{k}名）",
    "{t} {k}人",
    "{c}、{t}（{k}人）",
    "{n}）{t}",
)


def _post(out: _Page, stock: Harvest, style: _Style, title: str, i: int, rng: random.Random) -> None:
    content = rng.choice(stock.posts)
    end = style.line or rng.choice(["", " "])
    form = style.title if rng.random() < 0.95 else rng.randrange(len(_TITLES))
    named = len(out.marks) > 0 or rng.random() < 0.75
    shown = _TITLES[form].format(t=title, n=i + 1, c=_CN[i], k=rng.randrange(1, 9))
    if named or i:
        extra = rng.choices(["", "  5000-8000元/月", " 急聘", "（杭州）", " 8-12K"], [12, 1, 1, 1, 1])[0]
        out.add(shown + extra, "role_heading", titles=[title])
        begun = True
    else:
        begun = False
    glued = rng.random() < style.glue and not style.fields
    out.add(rng.choice(["：", " ", "", "\n"]) if glued and begun else end or " ")
    if style.tag:
        out.add(rng.choice(_TAGS), "field", ["other", "requirements"])
        out.add(end or " ")
    if style.fields:
        begun = _fields(out, style, end, begun, rng)
    order = ["duties", "requirements"] if rng.random() < 0.88 else ["requirements", "duties"]
    if rng.random() < 0.12:
        order = order[: rng.randrange(1, 3)]
    if rng.random() < 0.2 and len(content["other"]) > 1:
        order.append("other")
    for n, kind in enumerate(order):
        begun = _section(out, style, content, kind, n, end, begun, rng)
    if style.button:
        out.add(rng.choice(_BUTTONS), "boilerplate")
        out.add(end or " ")


def _begin(begun: bool) -> list[str]:
    """The titles of the first block of a post that nothing names."""
    return [] if begun else ["∅"]


def _fields(out: _Page, style: _Style, end: str, begun: bool, rng: random.Random) -> bool:
    chosen = rng.sample(_FIELDS, rng.randrange(1, 7))
    for name, kind, values in chosen:
        value = rng.choice(values.split("|"))
        joint, stop = [("：", end or " "), ("：", "  "), ("\n", "\n"), ("\t", "\n"), (" | ", "\n"), (":", end or ";")][
            style.fields
        ]
        out.add(f"{name}{joint}{value}", "field", [kind], _begin(begun))
        out.add(stop)
        begun = True
    out.add("" if style.fields != 1 else "\n")
    return begun


def _heading(words: str, style: _Style, n: int) -> str:
    shapes = ("{w}：", "{w}:", "【{w}】", "{w}", "{c}、{w}", "{w}：", "◆{w}", "{c}、{w}：")
    return shapes[style.heads].format(w=words, c=_CN[n])


def _section(
    out: _Page,
    style: _Style,
    content: dict[str, list[str]],
    kind: str,
    n: int,
    end: str,
    begun: bool,
    rng: random.Random,
) -> bool:
    asked = content["requirements"] + content["qualities"]
    entries = asked if kind == "requirements" else content[kind]
    entries = entries[: rng.randrange(2, 9)]
    words = {"duties": _DUTIES, "requirements": _ASKED, "other": _OFFERED}[kind]
    dropped = rng.random() < style.drop_heads and not (kind == "other")
    if not dropped:
        out.add(_heading(rng.choice(words), style, n), "section_heading", [kind], _begin(begun), level=1)
        out.add(end if rng.random() > style.glue else "")
        begun = True
    prose = rng.random() < 0.08
    if prose:
        out.add(
            "；".join(e.rstrip("。；;") for e in entries) + "。",
            "paragraph",
            _kinds(kind, content, ""),
            _begin(begun),
            alt=("item",),
        )
        out.add(end or " ")
        return True
    marker = style.marker if rng.random() < 0.85 else rng.randrange(14)
    if not end.strip(" ") and marker > 10:
        marker = 0
    for k, entry in enumerate(entries):
        m = _marker(marker, k, rng)
        out.add(m + entry, "item", _kinds(kind, content, entry), _begin(begun))
        out.add(end or rng.choice(["", "", " "]))
        begun = True
    return True


def _kinds(kind: str, content: dict[str, list[str]], entry: str) -> Kinds:
    if kind != "requirements":
        return [kind]
    return (
        ["qualities", "requirements"] if entry in content["qualities"] or not entry else ["requirements", "qualities"]
    )


def _marker(style: int, k: int, rng: random.Random) -> str:
    n = k + 1
    if rng.random() < 0.02:
        n += 1
    shapes = ("{n}、", "{n}.", "{n}．", "（{n}）", "{n}）", "{q}", "• ", "- ", "■", "({n})", "{n}. ", "", "", "● ")
    return shapes[style].format(n=n, q="①②③④⑤⑥⑦⑧⑨⑩⑪⑫"[k % 12])


def _table(out: _Page, stock: Harvest, titles: Sequence[str], rng: random.Random) -> None:
    bar = rng.choice(["\t", " | ", "\t"])
    out.add(bar.join(["序号", "岗位", "人数", rng.choice(_DUTIES), rng.choice(_ASKED)]), "boilerplate")
    out.add("\n")
    numbered = rng.random() < 0.6
    for i, title in enumerate(titles):
        content = rng.choice(stock.posts)
        out.add(f"{i + 1}{bar}{title}" if numbered else title, "role_heading", titles=[title])
        out.add(bar)
        out.add(str(rng.randrange(1, 9)), "field", ["other"])
        out.add(bar)
        for kind in ("duties", "requirements"):
            entries = (content["requirements"] + content["qualities"] if kind == "requirements" else content["duties"])[
                :4
            ]
            if rng.random() < 0.5:
                for k, entry in enumerate(entries):
                    out.add(f"{k + 1}、{entry}", "item", _kinds(kind, content, entry))
            else:
                out.add(
                    "；".join(e.rstrip("。；;") for e in entries), "paragraph", _kinds(kind, content, ""), alt=("item",)
                )
            out.add(bar if kind == "duties" else "\n")


def pages(stock: Harvest, count: int, seed: int) -> Iterator[Annotation]:
    """So many pages; the same stock and seed give the same pages."""
    rng = random.Random(seed)
    for n in range(count):
        yield page(stock, rng, f"composed-{n}")
