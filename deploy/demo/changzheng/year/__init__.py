"""A year of 长征社区: what was reported and done, what its teams offered, and how that is played.

petitions.py   600 petitions: the hand-written situations/, as plan.py says, set in scenes.py's places
services.py    180 openings of the five teams in a year, with everybody's part; openings.py what they offer next
playing.py     plays all of it: courses.py a petition, meetings.py an opening
"""
