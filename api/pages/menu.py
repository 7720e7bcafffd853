"""Which pages there are, in the order of the menus, and under which list a thing of a kind is found."""

from __future__ import annotations

MAIN_MENU = (
    ("/netwerk", "network"),
    ("/hiaten", "gaps"),
    ("/analyse", "analysis"),
    ("/actoren", "actors"),
    ("/samenwerkingen", "collaborations"),
    ("/themas", "themes"),
    ("/geld", "money"),
    ("/rapport", "report"),
    ("/documenten", "documents"),
    ("/vragen", "questions"),
    ("/sparql", "sparql"),
    ("/over", "about_page"),
)
FULL_MENU = (
    (
        "explore",
        (
            ("/", "overview"),
            ("/netwerk", "network"),
            ("/hiaten", "gaps"),
            ("/analyse", "analysis"),
            ("/spiegel", "mirror"),
            ("/scorekaart", "scorecard"),
            ("/vertegenwoordiging", "representation"),
            ("/geld", "money"),
            ("/tijdlijn", "timeline"),
            ("/rapport", "report"),
        ),
    ),
    (
        "lists",
        (
            ("/actoren", "actors"),
            ("/samenwerkingen", "collaborations"),
            ("/themas", "themes"),
            ("/bouwstenen", "bouwstenen"),
            ("/programmas", "programmes"),
            ("/activiteiten", "activities"),
        ),
    ),
    (
        "lists_more",
        (
            ("/akkoorden", "agreements"),
            ("/regios", "regions"),
            ("/normen", "norms"),
            ("/begrippen", "concepts"),
            ("/documenten", "documents"),
        ),
    ),
    (
        "work",
        (
            ("/zoeken", "search"),
            ("/vragen", "questions"),
            ("/sparql", "sparql"),
            ("/uitgaven", "releases"),
            ("/invoer", "handing_in"),
        ),
    ),
    ("about", (("/over", "about_page"),)),
)
# Kind -> path of the list it stands in and the key of that list's name.
LIST_OF_KIND = {
    **dict.fromkeys(("Organization", "Person", "Actor"), ("/actoren", "nav.actors")),
    **dict.fromkeys(
        ("Collaboration", "Network", "Coalition", "GovernanceBody"),
        ("/samenwerkingen", "nav.collaborations"),
    ),
    "Theme": ("/themas", "nav.themes"),
    "Bouwsteen": ("/bouwstenen", "nav.bouwstenen"),
    **dict.fromkeys(("Programme", "ProgrammeLine"), ("/programmas", "nav.programmes")),
    "Activity": ("/activiteiten", "nav.activities"),
    "Agreement": ("/akkoorden", "nav.agreements"),
    "Region": ("/regios", "nav.regions"),
    "Norm": ("/normen", "nav.norms"),
    **dict.fromkeys(("FundingStream", "FundingApplication", "BudgetLine"), ("/geld", "nav.money")),
    "Event": ("/tijdlijn", "nav.timeline"),
    **dict.fromkeys(("Document", "Passage"), ("/documenten", "nav.documents")),
    **dict.fromkeys(("Concept", "ConceptScheme", "Role", "Sector"), ("/begrippen", "nav.concepts")),
}
ELSEWHERE = ("/zoeken", "nav.search")
