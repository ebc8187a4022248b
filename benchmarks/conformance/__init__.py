"""Does every request that the bot makes conform to the platforms' official contracts?

`python -m benchmarks.conformance RECORDING SPECS` reads what the fakes recorded (see `tests/fakes/recording.py`) and
the contracts in the folder SPECS, and names every request that a platform's contract does not know or allow. Neither
building nor testing the project needs the contracts.
"""
