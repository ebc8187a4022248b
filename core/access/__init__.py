"""The one way in: what an audience may see of Nexuses, people and records.

Nothing else reads those for an answer. The rule now, fixed (a later issue makes it configurable per Nexus):
- a thought is its author's alone; a need or an offer is for the members of its Nexus and its author;
- a Nexus is known to those in it, above it with a role that reaches down, or below it; an open one to anybody; one
  with the door "members" also to the members of its parent; an archived one, with what is in it, to nobody, though what
  somebody wrote there stays their own;
- a person is known to those who share a Nexus with them or have a role above it that reaches down, and to those who
  decide about their request to come in; whom a message mentions is known to its author for that call, by name alone.
An audience of members sees what somebody would see whose only membership is that Nexus; the public sees open
Nexuses. What is not visible and what does not exist sound the same.
"""
