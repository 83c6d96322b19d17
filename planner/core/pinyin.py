"""Chinese as pinyin, by the pypinyin library, so that it is found from a keyboard."""


def search_words(text: str, most: int = 200) -> str:
    """Full pinyin and initials, lower case: 陈静 → "chenjing cj"; at most `most` characters."""
    # The library reads its dictionaries when it is first imported.
    from pypinyin import Style, lazy_pinyin

    initials = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return f"{''.join(lazy_pinyin(text))} {''.join(initials)}".lower()[:most]
