"""Who may do what with which data: the rules of each Nexus, the consent of each author, and the decision.

`words` is the closed vocabulary (audiences, actions, how they are packed into one number), `kinds` what data there is,
`decide` the decision itself (pure), `masks` what rules come to, kept beside the data, `structure` and `reach` the
in-process picture of it, `resolver` the questions that everybody else asks: may this be seen, what is newest, why.

Nothing reads records for an answer but through `core.access`, which asks here.
"""
