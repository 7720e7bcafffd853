"""The measures of position: what each asks, how it is scaled and read, and where it comes from.

What a measure is stands in the concept scheme 'maat'; how it is computed in the modules `reference`
(NetworkX) and `fast` (igraph). Two-mode measures are computed on two-mode data where such a version
exists: a one-mode projection makes every large collaboration a clique.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.network import ACTORS, COLLABORATIONS, TWO_MODE
from ontology.errors import UnknownThing

ALL = (TWO_MODE, ACTORS, COLLABORATIONS)
ONE_MODE = (ACTORS, COLLABORATIONS)

# What each projection is, as shown next to a number.
PROJECTIONS = {
    TWO_MODE: "partijen en verbanden: een lijn betekent dat een bron een deelname noemt",
    ACTORS: "partijen onderling: een lijn betekent een gedeeld verband, het gewicht hoeveel",
    COLLABORATIONS: "verbanden onderling: een lijn betekent een gedeelde partij, het gewicht hoeveel",
}
# Goes with every number about the network.
LIMITS = (
    "De cijfers gaan over wat in de bronnen staat: wie niet genoemd is, telt niet mee, en samen in een "
    "verband zitten is nog geen samenwerking. Meer verbindingen is niet vanzelf beter: netwerken die via "
    "één spil liepen, bereikten vaak meer (Provan & Milward 1995)."
)


@dataclass(frozen=True)
class Measure:
    """A measure: slug in the scheme 'maat', the question it answers and how its numbers are to be read.

    `published` names the projections of which every release holds the values; the rest is computed
    when asked for. In a formula v is the point that is measured and d its number of neighbours.
    """

    slug: str
    question: str
    reading: str
    scaling: str
    span: str
    source: str
    formula: str
    projections: tuple[str, ...]
    published: tuple[str, ...] = ()
    high_is_first: bool = True


MEASURES: tuple[Measure, ...] = (
    Measure(
        "graad",
        "Wie zit in de meeste verbanden, en welk verband heeft de meeste partijen?",
        "0 is nergens, 1 is overal.",
        "Aantal gedeeld door de omvang van de andere soort; onderling door n-1.",
        "0 tot 1",
        "Freeman (1979); Borgatti & Everett (1997)",
        "d(v) / m voor m punten van de andere soort; onderling d(v) / (n-1)",
        ALL,
        (TWO_MODE,),
    ),
    Measure(
        "betweenness",
        "Wie ligt op de wegen tussen anderen, en verbindt dus?",
        "0 is op geen enkele weg, 1 is op alle.",
        "Gedeeld door het hoogst mogelijke; bij partijen en verbanden per soort. Zonder gewichten.",
        "0 tot 1",
        "Freeman (1979); Borgatti & Everett (1997)",
        "Σ σ(s,t|v) / σ(s,t) over alle paren s, t, met σ(s,t) het aantal kortste wegen; gedeeld door het "
        "grootst mogelijke: (n-1)(n-2)/2, bij twee soorten volgens Borgatti & Everett",
        ALL,
        (TWO_MODE,),
    ),
    Measure(
        "nabijheid",
        "Wie bereikt de anderen in de minste stappen?",
        "Hoger is dichterbij; gerekend binnen het eigen samenhangende deel, maal het aandeel daarvan.",
        "Kleinst mogelijke som van afstanden gedeeld door de som, maal het deel dat bereikt wordt.",
        "0 tot 1",
        "Freeman (1979); Wasserman & Faust (1994); Borgatti & Everett (1997)",
        "(r + k - 1) / Σ d(v,u) · r/(n-1), over de r bereikte punten u; k is 1, bij twee soorten het aantal van de eigen soort in dat deel",
        ALL,
        (TWO_MODE,),
    ),
    Measure(
        "eigenvector",
        "Wie is verbonden met wie zelf goed verbonden is?",
        "Alleen de volgorde telt; buiten het grootste samenhangende deel 0.",
        "Lengte 1 over het grootste deel; met gewichten.",
        "0 tot 1",
        "Bonacich (1987)",
        "x met Ax = λx voor de grootste λ, met Σ x² = 1; A is de matrix van gewichten",
        ONE_MODE,
        ONE_MODE,
    ),
    Measure(
        "pagerank",
        "Waar komt wie van partij naar partij loopt het vaakst uit?",
        "Een aandeel: alle waarden samen zijn 1.",
        "Demping 0,85; met gewichten.",
        "0 tot 1",
        "Page e.a. (1999)",
        "p(v) = (1-0,85)/n + 0,85 · Σ p(u) · w(u,v) / Σ w(u,·)",
        ONE_MODE,
    ),
    Measure(
        "constraint",
        "Wie heeft contacten die elkaar niet al kennen?",
        "Laag is bruggenbouwer; wie geen contacten heeft, krijgt geen waarde (n.v.t.).",
        "Geen; met gewichten.",
        "boven 0, soms boven 1",
        "Burt (1992)",
        "Σ over buren j van (p(v,j) + Σ p(v,q) · p(q,j))²; p is het aandeel in de gewichten",
        ONE_MODE,
        ONE_MODE,
        high_is_first=False,
    ),
    Measure(
        "effectieve-grootte",
        "Hoeveel contacten heeft iemand die niet al bij elkaar uitkomen?",
        "Hoog is bruggenbouwer; wie geen contacten heeft, krijgt geen waarde (n.v.t.).",
        "Geen; aantal contacten min hun gemiddelde aantal onderlinge contacten. Zonder gewichten.",
        "1 tot het aantal contacten",
        "Burt (1992); Borgatti (1997)",
        "n - 2t/n, voor n buren met t verbindingen onderling",
        ONE_MODE,
    ),
    Measure(
        "kern",
        "Wie hoort bij de kern, waar ieder met velen verbonden is?",
        "Hoger is dieper in de kern; een groot verband maakt al zijn partijen tot kern.",
        "Geen: de grootste k waarbij ieder in de groep k buren in de groep heeft.",
        "0 tot n-1",
        "Seidman (1983)",
        "de grootste k waarvoor v in een deel zit waarin ieder minstens k buren in dat deel heeft",
        ONE_MODE,
    ),
    Measure(
        "scharnier",
        "Zonder wie valt het netwerk in losse delen?",
        "Het aantal delen dat erbij komt als deze partij of dit verband wegvalt; meestal 0.",
        "Geen: aantal blokken waar een punt in zit, min 1.",
        "0 en hoger",
        "Hopcroft & Tarjan (1973)",
        "b(v) - 1, voor b(v) blokken (dubbel samenhangende delen) waar v in zit",
        ALL,
    ),
    Measure(
        "groep",
        "Wie horen bij elkaar?",
        "Een nummer, geen score; 1 is de grootste groep.",
        "Leiden op modulariteit, resolutie 1, met gewichten en een vast begin.",
        "1 en hoger",
        "Traag, Waltman & van Eck (2019)",
        "de verdeling met de hoogste Q = Σ (w(u,v) - k(u)k(v)/2m) / 2m over paren in één groep, zoals Leiden die vindt",
        ONE_MODE,
        ONE_MODE,
        high_is_first=False,
    ),
)


def find_measure(slug: str) -> Measure:
    """Return the measure with this slug; raise UnknownThing, with the known ones, if there is none."""
    for measure in MEASURES:
        if measure.slug == slug:
            return measure
    known = ", ".join(measure.slug for measure in MEASURES)
    raise UnknownThing(f"de maat '{slug}' bestaat niet; bekend: {known}")
