"""Names as pinyin, by the pypinyin library."""


def search_words(name: str) -> str:
    """Full pinyin and initials of a name, lower case: 陈静 → "chenjing cj"; at most 200 characters."""
    # Its dictionaries take 55 MB: only the process that writes a name shall carry them.
    from pypinyin import Style, lazy_pinyin

    initials = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return f"{''.join(lazy_pinyin(name))} {''.join(initials)}".lower()[:200]
