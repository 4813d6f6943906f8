"""The council: members as agents and a proposer, in every world at once.

A `Council` holds D worlds; each `Member` holds views into the council's arrays and acts in all of
them through pure functions. One world is the classroom run, ten thousand are the ensemble. Each round
the proposer tables what has not been adopted yet, everybody appraises before anybody speaks, and what
only makes sense across members, consultation and the rule, is the council's. A council is seated once
and dealt new worlds block after block.

`council` is the negotiation, `members` who takes part in it, `acts` how members act: one after the
other, or compiled and all at once.
"""

from sim.council.council import Council as Council
from sim.council.members import Member as Member
from sim.council.members import Proposer as Proposer
