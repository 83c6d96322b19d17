"""Days that count. Owns CalendarDay; reads nothing; the arithmetic of working days lives in its rules."""
