"""Sentences: taken apart into words and ideas, and which command each is that names an incident, a shift or a topic."""
