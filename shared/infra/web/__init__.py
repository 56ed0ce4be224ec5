"""HTTP: the frame around every app, declared routes, problems, answers."""
