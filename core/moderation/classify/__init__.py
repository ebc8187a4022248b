"""Two small classifiers, for spam and for abuse: linear models over words, word pairs and the shape of a message.

`model.load()` gives the shipped one; `python -m core.moderation.classify.train` (`make train`) makes it anew from
training data that is kept beside the benchmark. Nothing here needs more than Python.
"""
