"""The first demo community, 长征社区 in Karamay, as pure data: no web, no database, no clock, nothing random.

changzheng.py   the directory, put together of areas.py, organisations.py and people.py; the cast
categories.py   what can be reported
petitions.py    about 240 petitions: the hand-written situations/, set in scenes.py's places and people
openings.py     what the five teams offer to do
names.py        fictional names; chance.py makes repeatable choices, geometry.py turns metres into points

The names and codes of district, street and communities are real (national statistical codes of 2023).
Everything else, every person, organisation, building, shape and word, is made up for Linli.
"""
