"""Rules as people meet them: said in a sentence, shown in words, looked at before they hold, and explained.

`phrases` and `sentence` read what people say, `planning` makes changes of it and says what stands in their way,
`preview` works out what they would show and hide, `describe`, `telling` and `reasons` put it into words. `core.rules`
decides what is allowed.
"""
