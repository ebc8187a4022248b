"""The passes of `core.ledger.verify`, one module each. They only read, page by page, and know tables of other rooms."""
