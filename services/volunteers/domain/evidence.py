"""How well a presence is proved (design 5-volunteers, "Evidence grade"). A and B are spendable, C and D are honour."""

from enum import StrEnum


class Grade(StrEnum):
    """From the best to the worst, so that the greater letter is the weaker proof."""

    A = "A"  # the rotating code, both ways, shown by somebody else
    B = "B"  # the place; or the volunteer's card and a witness
    C = "C"  # one person's word
    D = "D"  # made up afterwards


def grade_of_code(shown_to_oneself: bool) -> Grade:
    """A code proves nothing about somebody who could have looked it up themselves."""
    return Grade.C if shown_to_oneself else Grade.A


def weaker(one: Grade, other: Grade) -> Grade:
    """A service is proved as well as the weaker of its two ends."""
    return max(one, other)
