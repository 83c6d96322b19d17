"""What matches, how well, and what of it is marked: tables without a database."""

import pytest

from campaigns.desk.rules.search import MOST_WORDS, TEXT_LENGTH, Named, Tier, number_of, pieces, rank, read, tier

MAIN = Named(
    "主图返工",
    "zhutufangong ztfg",
    code="P24",
    number=123,
    beside=("Rework main picture", "林小美", "linxiaomei lxm", "xiaomei"),
    place=("双11 2026", "shuang11 2026 s11 2026"),
)
LIVE = Named("618 LIVE 直播脚本", "618 live zhibojiaoben 618 live zbjb")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("  \u3000 ", ()),
        ("主图", ("主图",)),
        ("主图\u3000小美", ("主图", "小美")),
        ("Ｐ２４ ＃１２３", ("p24", "#123")),
        ("zhu'tu", ("zhutu",)),
        ("ZT zt", ("zt",)),
        ("主图\x00小美", ("主图", "小美")),
        ("🎉 50%_\\", ("🎉", "50%_\\")),
        ("'", ()),
    ],
)
def test_a_text_is_read_as_words(typed: str, words: tuple[str, ...]) -> None:
    asked = read(typed)
    assert (asked.words, bool(asked), asked.is_cut) == (words, bool(words), False)


@pytest.mark.parametrize("typed", ["主" * 5000, " ".join(map(str, range(MOST_WORDS + 1))), "x " * 51 + "y" * 100])
def test_no_more_is_read_than_somebody_types(typed: str) -> None:
    asked = read(typed)
    assert len(asked.text) <= TEXT_LENGTH
    assert len(asked.words) <= MOST_WORDS
    assert asked.is_cut


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("#123", 123),
        ("123", 123),
        ("#", None),
        ("p24", None),
        ("#12x", None),
        ("９", None),
        ("1" * 19, None),
        ("²", None),
    ],
)
def test_a_number_may_be_an_id(word: str, number: int | None) -> None:
    assert number_of(word) == number


@pytest.mark.parametrize(
    ("word", "named", "how_well"),
    [
        ("主图返工", MAIN, Tier.EXACT),
        ("p24", MAIN, Tier.EXACT),
        ("#123", MAIN, Tier.EXACT),
        ("#12", MAIN, None),
        ("主图", MAIN, Tier.PREFIX),
        ("p2", MAIN, Tier.PREFIX),
        ("返工", MAIN, Tier.INSIDE),
        ("zhutu", MAIN, Tier.PINYIN),
        ("ztf", MAIN, Tier.INITIALS),
        ("fangong", MAIN, Tier.WITHIN),
        ("fg", MAIN, Tier.WITHIN),
        ("picture", MAIN, Tier.BESIDE),
        ("小美", MAIN, Tier.BESIDE),
        ("lxm", MAIN, Tier.BESIDE),
        ("123", MAIN, Tier.BESIDE),
        ("双11", MAIN, Tier.PLACE),
        ("详情", MAIN, None),
        ("live", LIVE, Tier.INSIDE),
        ("618", LIVE, Tier.PREFIX),
        ("zhibo", LIVE, Tier.INITIALS),
        ("zbjb", LIVE, Tier.INITIALS),
        ("%", MAIN, None),
        ("_", MAIN, None),
    ],
)
def test_how_well_a_word_matches(word: str, named: Named, how_well: Tier | None) -> None:
    assert tier(word, named) is how_well


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("主图 小美", Tier.PREFIX + Tier.BESIDE),
        ("zt 双11", Tier.INITIALS + Tier.PLACE),
        ("主图 详情", None),
        # A campaign's name alone finds the campaign, not everything in it.
        ("双11", None),
        ("双11 2026", None),
    ],
)
def test_all_words_match(typed: str, place: int | None) -> None:
    assert rank(read(typed).words, MAIN) == place


@pytest.mark.parametrize(
    ("title", "pinyin", "typed", "shown"),
    [
        ("主图返工", "zhutufangong ztfg", "返工", "主图[返工]"),
        ("主图返工", "zhutufangong ztfg", "tf", "主[图返]工"),
        ("主图返工", "zhutufangong ztfg", "主 工", "[主]图返[工]"),
        ("主图返工", "zhutufangong ztfg", "zhutu", "主图返工"),
        ("618 LIVE 脚本", "618 live jiaoben 618 live jb", "live jb", "618 [LIVE] [脚本]"),
        ("主图主图", "zhutuzhutu ztzt", "主图", "[主图主图]"),
        ("", "", "主", ""),
        # Small letters that are longer than their capitals are left alone.
        ("İstanbul", "i̇stanbul i̇stanbul", "stan", "İstanbul"),
        ("<b>主图</b>", "", "主图", "<b>[主图]</b>"),
    ],
)
def test_what_was_looked_for_is_marked(title: str, pinyin: str, typed: str, shown: str) -> None:
    found = pieces(title, pinyin, read(typed).words)
    assert "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in found) == shown
    assert "".join(piece.text for piece in found) == title
