"""What a figure may tell: a count of one or two people with something personal about them says who they are."""

from typing import Any

#: From this many on a count of people is told.
FEWEST_TOLD = 3

#: Counts of what is personal: an age, a party. Where somebody lives or what they hold is told by other reads anyway.
PERSONAL = ("over_60", "party_members")


def told(people: dict[str, Any]) -> dict[str, Any]:
    """The counts with those left out (null) that are, or whose rest is, one or two people. None is told as 0."""
    registered = people["registered"]
    hidden = {
        name: None for name in PERSONAL if 0 < people[name] < FEWEST_TOLD or 0 < registered - people[name] < FEWEST_TOLD
    }
    return people | hidden
