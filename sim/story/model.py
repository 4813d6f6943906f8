"""The model on a page: its equations in plain words, the councils' own words, its limits."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario import Scenario


@dataclass(frozen=True)
class Equation:
    """One step of the model: what it is, in TeX, in a sentence, and from whom it is taken."""

    title: str
    tex: str
    words: str
    source: str


OWN = "A choice of this model."

MODEL = (
    Equation(
        "What is at stake",
        r"\begin{aligned} G &= \textstyle\sum_k w_k\,g_k \\"
        r" P &= \textstyle\sum_{k\,\in\,\text{principles}} w_k\,e_k\,c_k \\"
        r" A &= \textstyle\sum_{k\,\in\,\text{divisible}} w_k\,e_k\,c_k \end{aligned}",
        "What a clause gives (g) and costs (c) on each interest counts as much as the member cares "
        "for that interest (weight w); costs count the more the harder they hit that member "
        "(exposure e).",
        "Weights are taken to be comparable across members, which is an assumption.",
    ),
    Equation(
        "What a clause is worth",
        r"U(x) = (t\,G - P)\,x - A\,x^2",
        "At level x, from 0 for the status quo to 1 for the text as drafted, the gain comes only "
        "if the proposer keeps its word (trust t), while the cost is paid anyway: first steps are "
        "cheap where an interest can be divided, and never where a principle is at stake.",
        "Quadratic spatial model with a status quo: Enelow & Hinich (1984), The Spatial Theory of "
        "Voting, ch. 2; Tsebelis (2002), Veto Players, ch. 1.",
    ),
    Equation(
        "What members believe",
        r"b(\theta) \propto b_0(\theta)\,\textstyle\prod_e L_e(\theta)^{n_e}",
        "The proposer is a security seeker, an expansionist or a pretext seeker (type θ); every "
        "item of evidence e moves a member towards the types under which it was likelier to be "
        "seen (likelihood L, counted n times).",
        "Bayes' rule; structure after Kydd (2005), Trust and Mistrust in International Relations, "
        "ch. 2.",
    ),
    Equation(
        "Trust",
        r"t = \textstyle\sum_\theta b(\theta)\,\mathrm{keep}(\theta)",
        "Trust is the chance that the proposer keeps its word: that of each type, mixed by belief.",
        "Kydd (2005), ch. 2.",
    ),
    Equation(
        "Consultation",
        r"y \leftarrow (1-h)\,U + h\,W y",
        "Before anybody speaks, members move towards the average of the others, where larger "
        "countries are louder (W), as far as cohesion h goes; this happens as often as they "
        "consult.",
        "Friedkin & Johnsen (1990), Journal of Mathematical Sociology 15(3–4), "
        "doi:10.1080/0022250X.1990.9990069.",
    ),
    Equation(
        "What a member does",
        r"\begin{aligned} y < -r &: \text{ breaks the silence} \\"
        r" y > r &: \text{ supports} \\ \text{else} &: \text{ stays silent} \end{aligned}",
        "Small harm is swallowed: a member breaks the silence when the clause is worse than its "
        "resolve r, and supports it when it gains more than that.",
        OWN,
    ),
    Equation(
        "The ceiling",
        r"\hat{x} = \dfrac{b + \sqrt{b^2 + 4 A r}}{2A}, \quad b = t\,G - P",
        "The highest level that a member can live with. Under consensus the lowest ceiling at the "
        "table is the highest level at which the clause could stand.",
        "Follows from the two steps before; with consultation, G, P and A are what the room makes "
        "of them.",
    ),
    Equation(
        "Coming down",
        r"\begin{aligned} x(\rho) &= x_0 - \max(0,\, x_0 - f)\,\rho \\"
        r" f &= f_\theta + a\,p\,(1 - f_\theta) \end{aligned}",
        "If there are rounds, the proposer comes down from its opening x₀ towards its floor f as "
        "the negotiation goes on (ρ from 0 to 1); an audience a keeps it higher as far as it has "
        "asked in public (p).",
        "Fearon (1994), American Political Science Review 88(3), doi:10.2307/2944796.",
    ),
    Equation(
        "One package",
        r"\textstyle\sum_c \min(y_c, 0) + \lambda \sum_c \max(y_c, 0) < -r",
        "If everything is one text, a member breaks the silence when its losses outweigh its "
        "resolve and that part λ of its gains that it lets count against them.",
        OWN,
    ),
    Equation(
        "Steps",
        r"\begin{aligned} s &= \min\bigl(1,\, \textstyle\sum_c x_c \max_k c_{ck}\bigr) \\"
        r" P(\text{kept} \mid \theta) &= 1 - s\,(1 - \mathrm{keep}(\theta)) \end{aligned}",
        "After every step the proposer keeps or breaks what was agreed; the more was at stake (s), "
        "the more that teaches about its type.",
        "Kydd (2000), International Organization 54(2), doi:10.1162/002081800551190.",
    ),
    Equation(
        "The price of consensus",
        r"\textstyle\sum_i \max(0,\, -r_i - y_i)",
        "What would have to be given to those who break the silence for all of them to keep it.",
        "Follows from what a member does; harms are added across members, which is an assumption.",
    ),
)
"""The steps of the model, in the order in which they happen."""

WORDS = {
    "supports": "speaks for the clause: it gains more than its resolve.",
    "stays silent": "neither speaks for it nor against it. Under consensus silence is consent.",
    "stays silent with a reservation": "would break the silence by its own reading, and does not "
    "after hearing the others.",
    "breaks the silence out of solidarity": "the reverse: silent by its own reading, it "
    "breaks the silence after hearing the others.",
    "breaks the silence": "objects. Under consensus one member that does so is enough: the clause "
    "falls.",
}
"""What a member does with a clause, and what that means."""


@dataclass(frozen=True)
class Practice:
    """How a council of the real world decides.

    rule: the one that stands for it here; says: that in one sentence; others: what any other rule is;
    words: its practice at more length, and its own words for what members do.
    """

    body: str
    rule: str
    says: str
    others: str
    words: str
    sources: tuple[str, ...]


NATO = Practice(
    body="NATO",
    rule="consensus",
    says="NATO has no voting: members support, stay silent, or break the silence, and a text stands "
    "unless one does.",
    others="NATO has no voting: any rule but consensus is a thought experiment.",
    words="NATO decides by consensus and does not vote: members consult until a text is acceptable to "
    "all. Under the silence procedure a text stands at the end of a period unless a member breaks "
    "the silence, as Belgium, France and Germany did in February 2003. The word *vote* stands here "
    "only for rules that NATO does not have.",
    sources=(
        "NATO, Consensus decision-making at NATO (nato.int/cps/en/natohq/topics_49178.htm).",
        "Congressional Research Service, NATO's Decision-Making Procedure (RS21510).",
    ),
)

EUROPEAN_UNION = Practice(
    body="The Council of the European Union",
    rule="consensus",
    says="The Council decides on sanctions unanimously, and an abstention does not stand in the way: a "
    "text stands unless a member votes against it, which is here to break the silence.",
    others="By its treaties the Council decides either unanimously or by a qualified majority; any "
    "other rule is a thought experiment.",
    words="On foreign policy the Council decides unanimously, and members that abstain do not prevent "
    "that. To stay silent is here to abstain, to break the silence is to vote against. A member that "
    "abstains with a declaration need not apply the decision (constructive abstention), which this "
    "model does not know. On most other matters 55 % of the members with 65 % of the population are "
    "enough.",
    sources=(
        "Treaty on European Union, Articles 16(4) and 31(1).",
        "Treaty on the Functioning of the European Union, Article 238(4).",
    ),
)

SECURITY_COUNCIL = Practice(
    body="The Security Council",
    rule="vetoes",
    says="The Security Council votes: to support is to vote in favour, to stay silent is to abstain, to "
    "break the silence is to vote against. Enough must be in favour, and no permanent member against.",
    others="Any rule but that with vetoes is a thought experiment.",
    words="The Security Council votes, as a rule, on one text as a whole. On what is no matter of "
    "procedure nine of its fifteen members must be in favour and no permanent member against: that is "
    "the veto. A permanent member that abstains vetoes nothing. To stay silent is here to abstain, "
    "to break the silence is to vote against.",
    sources=(
        "Charter of the United Nations, Article 27.",
        "International Court of Justice, Namibia, advisory opinion of 21 June 1971, I.C.J. Reports "
        "1971, p. 16, paragraph 22.",
    ),
)

PRACTICES = {"nato": NATO, "eu": EUROPEAN_UNION, "unsc": SECURITY_COUNCIL}
"""By the family of the rosters that seat it, as `nato` of `nato-2021`."""


def practice(scenario: Scenario) -> Practice | None:
    """How the council that sits here decides in fact; None where it is none of those known."""
    roster = (scenario.members.roster or "").rpartition("/")[2]
    return PRACTICES.get(roster.partition("-")[0])


def other_rules_are(scenario: Scenario) -> str:
    """What it means to play another rule here."""
    known = practice(scenario)
    return known.others if known else "Any other rule is a thought experiment."


LIMITS = (
    "The status quo counts nothing, even where refusing risks war (Fearon 1995, "
    "doi:10.1017/S0020818300033324); resolve is the harm that a member swallows to avoid a breach.",
    "Evidence is read by each member for itself. Nobody in the model signals with an eye to how it "
    "will be read.",
    "Stakes are coded by hand, and hindsight is possible: that is why most numbers have a band, "
    "and why each of them can be changed.",
    "A member is one actor: no parliaments, no coalitions, no elections.",
    "Harms and gains are added up across members, in consultation, in the price of consensus and "
    "in packages.",
    "Consultation averages: it moves everybody, while practitioners say that allies defer to the "
    "most exposed. The leading powers shape a text before it reaches the table.",
    "Intervals in the pictures cover the dice, not the assumptions: more worlds make them narrower "
    "and the model no truer.",
)
"""What no scenario of this model can show."""
