"""The first demo community, 长征社区 in Karamay, at its full size, and how it is loaded.

Content, as pure data (no web, no database, no clock, nothing random):

areas.py        the ground; area_seeds.py makes the directory's areas of it, households.py who lives behind each door
changzheng.py   the directory, put together of these, organisations.py and people.py (with register.py); the cast
categories.py   what can be reported
petitions.py    600 petitions: the hand-written situations/, as plan.py says, set in scenes.py's places
services.py     180 openings of the five teams in a year, with everybody's part; openings.py what they offer next
names.py        fictional names; chance.py makes repeatable choices, geometry.py turns metres into points

Loading (loading.py): courses.py plays a petition, meetings.py an opening, each in a transaction of its own (alone.py).

The names and codes of district, street and communities are real (national statistical codes of 2023).
Everything else, every person, organisation, building, shape and word, is made up for Linli.
"""
