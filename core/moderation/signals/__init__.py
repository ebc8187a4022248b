"""What is noticed about a message: pure functions over the message, what is known of its author, and the recent past.

`notice.notice` is the way in; `history.History` remembers the recent past in memory, without a word of any text;
`defaults` has the rules every Nexus starts with. Nothing here decides or acts.
"""
