"""Chinese numerals up to the hundreds."""

_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
NUMBER = r"(?:\d{1,3}|[零〇一二两三四五六七八九十百]{1,5})"


def number(text: str) -> int | None:
    """3, 三, 十二, 二十, 一百零五 → its value; None for what is no number."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    total, digit, seen = 0, None, False
    for letter in text:
        if letter in _DIGITS:
            if digit not in {None, 0}:
                return None
            digit = _DIGITS[letter]
        else:
            unit = {"十": 10, "百": 100}.get(letter)
            if unit is None or (total and total % (unit * 10)):
                return None
            total += (1 if digit is None else digit) * unit
            digit = None
        seen = True
    return total + (digit or 0) if seen else None
