"""Train the model that finds the title within a role heading."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from pipeline.segment import tags, titles
from pipeline.train.annotated import Annotated
from pipeline.train.quantise import bytes8, words16

WIDTH = 32
GAP = 4

Heading = tuple[str, tuple[int, int]]
"""A heading and the span of the title in it."""


def headings(doc: Annotated) -> Iterator[Heading]:
    """The role headings of a document whose right title stands in them."""
    for i, names in doc.titles:
        j = i + 1
        while j < len(doc.pieces) and doc.allowed[j, tags.CONTINUATION]:
            j += 1
        text = doc.text[doc.pieces[i].start : doc.pieces[j - 1].end][: titles.LONGEST]
        span = next((s for name in names if (s := _find(text, name))), None)
        if span:
            yield text, span


def _find(text: str, name: str) -> tuple[int, int] | None:
    """Where a title stands in a heading, blanks and width left out of account."""
    kept = [(i, _fold(c)) for i, c in enumerate(text) if not c.isspace()]
    whole = "".join(c for _, c in kept)
    at = whole.find("".join(_fold(c) for c in name if not c.isspace()))
    if at < 0 or len(whole) != len(kept):
        return None
    size = len([c for c in name if not c.isspace()])
    return kept[at][0], kept[at + size - 1][0] + 1


def _fold(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char


_BEFORE = ["", "1、", "2.", "三、", "（四）", "01 ", "【", "■ ", "### ", "岗位名称：", "职位：", "岗位二：", "招聘职位\n", "招聘岗位：", "1\t生产部\t", "急聘", "诚聘", "招聘", "3-1 ", "5.2 ", "第四条 ", "第三节  ", "岗位一 ", "篇3：", "12. 技术部-", "某某集团-", "名称\t", "职务：", "★", "▍", "岗位：\n", "技术类 ", " 04\n"]
_AFTER = ["", "岗位职责", "职责", "岗位职责：", "（2名）", "2人", " 3名", "（3人）：", " 5000-8000元/月", " 6-10K·13薪", "（杭州）", "-上海", " 立即申请", "】", "（五险一金）", "\t2\t", ":", "：", "工作职责（一）", "岗位说明书", "3", "任职要求", " 若干名", " 全职 本科", "岗位职责 篇2", "（急聘）", " \n城东店", "的职责", "岗位工作标准", "（HR-03）", " ", " 数名 45岁以下", " 查看详情", "  月薪4500+", " / 2人 / ", "【社招】", " New", "安全生产责任制", "招聘启事"]


_PLACES = (
    ["城西", "滨江", "洪门", "东河", "县", "市", "开发区", "高新", "某", "通安", "锦澜", "岩泉", "兴隆", "北仑", "汐拓", "风禾", "晨曦", "中崇", "明澈", "小拇哥", "和谐"]
)
_UNITS = ["局", "公司", "分公司", "有限公司", "集团", "店", "门店", "中心", "仓库", "医院", "学校", "幼儿园", "物业", "建筑科技有限公司", "食品厂", "纸业", "农业农村局", "人民政府", "林场", "水文站", "项目公司", "设计院", "总部", "基地", "工业园", "饲料（连江）厂", "晚托班", "奶茶（二店）", "医学中心", "干休所", "酒店", "研究所", "事业部", "车间", "工程科", "检验科", "后勤", "营地", "快修", "冷鲜仓"]
_VERBS = ["招", "诚聘", "急招", "招聘", "找", "聘", "现招", "招一位", "急聘", "招募"] + [""]
_COUNTS = ["2名", "10名", "一位", "各1", "壹名", "若干", "3人", "（数名）", "✖2", "*3", "两个", "5", "1-2人", "（1）"]
_MORE = (
    ["2024-02-27查看", "淮北2024-03-01", "（日结/长期都要）", "（全职，可以远程）", "（方向不限，1名）", "07:30-15:30", "应当履行下列职责：", "的主要职责是：", "负责以下工作：", "（暑期，8名）", "（非中介）", "直招长白班", "外包编制", "‼", "····", "（略）", "职责如下："]
)
_ASIDES = (
    ["（夜班）", "（兼职）", "（A班）", "（病区）", "（儿童方向）", "（机电）", "（机载LiDAR）", "（校服）", "(面点)", "（约考）", "（外派）"]
)
_LATIN = ["BIM", "UI", "2D", "Unity", "PLC", "QC", "CNC", "SQE", "HRBP", "IT", "C++", "JAVA", "EHS", "IE", "AI", "GIS", "NVH"]


def composed(names: Sequence[str], count: int, seed: int) -> Iterator[Heading]:
    """Headings put together from titles and from what stands around them."""
    rng = random.Random(seed)
    for _ in range(count):
        before, after, name = rng.choice(_BEFORE), rng.choice(_AFTER), rng.choice(names)
        if rng.random() < 0.08:
            name = rng.choice(_LATIN) + rng.choice(["", " "]) + name
        if rng.random() < 0.15:
            name += rng.choice(_ASIDES)
        if rng.random() < 0.25:
            unit = rng.choice(_PLACES) + rng.choice(_UNITS)
            before += unit + rng.choice(["", " ", "\n", "\t", "-", "｜", "'"]) + rng.choice(_VERBS)
        if rng.random() < 0.2:
            after = rng.choice(["", " "]) + rng.choice(_COUNTS) + after
        elif rng.random() < 0.12:
            after = rng.choice(_PLACES) + rng.choice(_UNITS) + str(rng.randrange(1, 9)) + rng.choice(_MORE)
        elif rng.random() < 0.15:
            after = rng.choice(_MORE)
        if before == "【" and not after.startswith("】"):
            after = "】" + after
        yield before + name + after, (len(before), len(before) + len(name))


class Network(nn.Module):
    """The layers of `pipeline/segment/titles.py`."""

    def __init__(self) -> None:
        super().__init__()
        total = sum(titles.SLOTS)
        self.slots = nn.Embedding(total + 1, WIDTH, padding_idx=total)
        self.grams = nn.Embedding((1 << titles.BITS) + 1, WIDTH, padding_idx=1 << titles.BITS)
        for e in (self.slots, self.grams):
            nn.init.normal_(e.weight, std=0.05)
        self.bias = nn.Parameter(torch.zeros(WIDTH))
        self.convs = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in titles.DILATIONS)
        self.out = nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(0.2)

    def forward(self, slots: Tensor, grams: Tensor, real: Tensor) -> Tensor:
        g = self.grams(grams)
        if self.training:
            g = g * (torch.rand(g.shape[:2]) > 0.2).float()[..., None]
        h = torch.relu(self.slots(slots).sum(1) + g.sum(1) + self.bias) * real[:, None]
        for conv, d in zip(self.convs, titles.DILATIONS, strict=True):
            x = self.drop(h)
            zeros = torch.zeros(d, WIDTH)
            around = torch.cat([torch.cat([zeros, x[:-d]]), x, torch.cat([x[d:], zeros])], 1)
            h = (h + torch.relu(conv(around))) * real[:, None]
        return self.out(h)[:, 0]


def _batch(rows: Sequence[Heading]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    total = sum(titles.SLOTS)
    base = np.concatenate([[0], np.cumsum(titles.SLOTS)[:-1]])
    slots, grams, real, right = [], [], [], []
    for text, (a, b) in rows:
        s, g = titles.features(text)
        slots += [s + base, np.full((GAP, s.shape[1]), total)]
        grams += [g, np.full((GAP, g.shape[1]), 1 << titles.BITS)]
        real += [np.ones(len(text)), np.zeros(GAP)]
        right += [np.array([float(a <= i < b) for i in range(len(text))]), np.zeros(GAP)]
    return (
        torch.from_numpy(np.concatenate(slots)),
        torch.from_numpy(np.concatenate(grams)),
        torch.from_numpy(np.concatenate(real)).float(),
        torch.from_numpy(np.concatenate(right)).float(),
    )


def fit(rows: Sequence[Heading], epochs: int, seed: int) -> Network:
    """The network trained on headings."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Network()
    chunks = [rows[i : i + 64] for i in range(0, len(rows), 64)]
    batches = [_batch(chunk) for chunk in chunks]
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 5e-3, total_steps=epochs * len(batches))
    net.train()
    for _ in range(epochs):
        rng.shuffle(batches)
        for slots, grams, real, right in batches:
            optimiser.zero_grad()
            out = net(slots, grams, real)
            loss = nn.functional.binary_cross_entropy_with_logits(out[real > 0], right[real > 0])
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def save(net: Network, path: Path) -> None:
    """The weights on the grid that `titles.py` reads."""
    arrays = {"slots": bytes8(net.slots.weight[:-1]), "grams": bytes8(net.grams.weight[:-1]), "bias": words16(net.bias)}
    for i, conv in enumerate(net.convs):
        arrays |= {f"conv{i}": words16(conv.weight.T), f"conv{i}_bias": words16(conv.bias)}
    arrays |= {"out": words16(net.out.weight.T), "out_bias": words16(net.out.bias)}
    np.savez_compressed(path, **arrays)
