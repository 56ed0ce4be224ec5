"""Five communities at their real size, and how they are loaded: `linli demo NAME`, or `all`.

communities.py  their names, and what each shows
changzheng/ huayuanlu/ yicheng/ siying/ niying/
                one package each with the same rooms: areas.py, organisations.py, people.py, and where the place is
                known for them councils.py and catalogue.py; the first has a year of life besides
loading.py      loads one; stage.py is what a package hands in and gets, entering.py enters over HTTP what has no seed

What all packages make their content with, as pure data (no web, no database, no clock, nothing random):

town.py         draws a tree of areas as rectangles; geometry.py turns metres into points
households.py   who lives behind each door; names.py fictional names, chance.py repeatable choices
bodies.py       organisations that every place has, staffing.py who works in them; register.py keeps its people
categories.py   what can be reported
counter_services.py, volunteer_services.py   what one can get at a service hall, and of a street's volunteers

The names and codes of districts, streets and communities are real (national statistical codes of 2023), and the points
about where they lie. Everything else, every person, organisation, building, shape and word, is made up for Linli.
"""
