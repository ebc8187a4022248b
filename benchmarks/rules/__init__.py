"""`python -m benchmarks.rules`: what a check and a list cost under the rules of a large world.

The world: 100,000 people, 20,000 Nexuses to depth 12, 300,000 memberships, 1,000,000 records, about five rules in each
Nexus, links, consents; and a tenth of it. Everything is a multiple of one read of a record's row by its primary key
with the bare driver, on the same file in the same minutes, since machines differ.

Side by side Cedar (cedarpy) and Casbin decide the same checks, from the policies of one chain of Nexuses. They answer
less: what a nearer Nexus overrides has been settled before it is handed to them, they know no epoch, and they have no
lists at all.

`shapes` says what the world is like, `world` fills a store with it, `cast` picks who asks for what, `questions` are
what is measured, `changes` what happens after a write, `picture` what is kept in memory, `others` Cedar and Casbin,
`postgres` the same world in PostgreSQL, `report` prints.
"""
