"""The bot: joins the platforms (`adapters`) and the engine (`core`), and gives them the Cofounder's voice.

`app` is the composition root. An event goes inbox -> lane -> turn -> outbox; `cofounder` holds the two brains,
`cards` turns results into what people read, `cli` is the command line.
"""
