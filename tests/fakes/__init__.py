"""Wire-level fake servers: the platforms and the model as the real client libraries see them.

Each fake listens on 127.0.0.1 only, knows nothing of the project, and answers as the official contract says, errors
included. Tests use them inside their own event loop; benchmarks and kill tests run `python -m tests.fakes serve`.
"""
