"""The meeting pack: what stands in it, for whom, as of which day and since when."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from api.region import load_path, publish_release
from graph.release import OpenRelease, open_release
from ontology.errors import UnknownThing, UsageError
from queries.report.entries import CHANGES, DECISIONS, GAPS, MONEY, PEOPLE, Section
from queries.report.pack import Ask, MeetingPack, answer_ask, read_since
from queries.report.scope import ScopeKind, find_scope, scope_choices
from queries.report.words import date_words, euro_words, sentence
from tests.conftest import MINI
from tests.norm_region import norm_region

TODAY = date(2024, 6, 1)
# B1: Dutch readability guides ask for some ten to fifteen words in a sentence, and no more than twenty-five.
MEAN_WORDS, MOST_WORDS = 12, 25
JARGON = re.compile(
    r"\b(hiaat|hiaten|entiteit|query|rdf|iri|betweenness|jaccard|sparql|onderwerp\w* van)\b",
    re.IGNORECASE,
)


def no_other(number: int) -> OpenRelease:
    raise AssertionError(f"release {number} is not needed")


def pack_of(release: OpenRelease, **asked: str) -> MeetingPack:
    return answer_ask(release, Ask(**asked), TODAY, no_other)


def section(pack: MeetingPack, key: str) -> Section:
    return next(one for one in pack.sections if one.key == key)


def texts(pack: MeetingPack, key: str) -> list[str]:
    return [f"{e.mark}: {e.text} {e.detail} {e.action}" for e in section(pack, key).entries]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: the second has a seat, an activity and a trekker more, and another status."""
    folder = tmp_path_factory.mktemp("changed")
    load_path(folder, MINI)
    publish_release(folder, date(2026, 1, 1))
    extra = tmp_path_factory.mktemp("rows")
    rows = {
        "indicatoren": "id,naam,soort,doel,bron\nbezoek,Bezoeken,output,minder-eenzaam,901:60-60\n",
        "deelnames": "wie,waarin,rol,bron\nbewonersraad,samenwerking/smal-netwerk,deelnemer,901:34-34\n",
        "activiteiten": "id,naam,soort,bron\ntuin,Buurttuin,initiatief,901:55-55\n",
        "regelingen": "id,naam,soort,status,deadline,bron\nbuurtfonds,Buurtfonds,fonds,open,2024-09-01,901:70-72\n",
    }
    for name, text in rows.items():
        (extra / f"{name}.csv").write_text(text, "utf-8")
    load_path(folder, extra)
    publish_release(folder, date(2026, 2, 1))
    return folder


def test_every_entry_of_a_pack_has_a_passage(mini: OpenRelease) -> None:
    for one in pack_of(mini).sections:
        assert one.entries, one.key
        assert [e.text for e in one.entries if not e.passages] == []


def test_gaps_come_gravest_first_with_what_to_do(mini: OpenRelease) -> None:
    entries = section(pack_of(mini), GAPS).entries
    order = [("moet", "hoort", "helpt").index(entry.mark) for entry in entries]
    assert order == sorted(order)
    assert all(entry.action for entry in entries)


def test_norms_are_told_with_counts_remedy_and_owner() -> None:
    pack = pack_of(norm_region())
    found = [entry for entry in section(pack, GAPS).entries if entry.who]
    assert all(entry.action.startswith("Herstel ") for entry in found)
    assert {entry.who for entry in found} == {"Netwerkcoördinator"}
    assert any("is het onbekend" in entry.text for entry in found)
    owner = section(pack, PEOPLE).entries[0]
    assert owner.mark == f"{len(found)} acties"
    assert owner.text.startswith("Netwerkcoördinator.")


def test_unknown_is_never_told_as_failing() -> None:
    for entry in section(pack_of(norm_region()), GAPS).entries:
        assert "niet gehaald" not in f"{entry.text} {entry.detail}".casefold()


@pytest.mark.parametrize(
    ("day", "mark", "said"),
    [
        ("2024-06-01", "1 juni 2024", "sluit dan"),
        ("2024-06-02", "1 juni 2024, voorbij", "is voorbij"),
    ],
)
def test_a_deadline_is_coming_until_its_day_is_over(
    mini: OpenRelease, day: str, mark: str, said: str
) -> None:
    found = [e for e in section(pack_of(mini, day=day), MONEY).entries if "Buurtfonds" in e.text]
    assert found[0].mark == mark
    assert said in found[0].text


def test_an_open_question_about_money_stands_with_the_money(mini: OpenRelease) -> None:
    pack = pack_of(mini)
    assert any("Wensfonds. Datum volgt." in text for text in texts(pack, MONEY))
    assert any("Wandelclub. Trekker wordt nog bepaald." in text for text in texts(pack, DECISIONS))
    assert not any("Wensfonds" in text for text in texts(pack, DECISIONS))


def test_a_pack_says_what_sources_say_for_the_first_time(mini: OpenRelease) -> None:
    late = texts(pack_of(mini, since="2024"), CHANGES)
    assert any("Smal Netwerk" in text for text in late)
    assert not any("Brede Tafel. " in text for text in late)
    assert any("Brede Tafel" in text for text in texts(pack_of(mini, since="2020"), CHANGES))
    assert section(pack_of(mini, since="2025"), CHANGES).entries == ()


def test_a_pack_says_what_changed_between_releases(changed: Path) -> None:
    now = open_release(changed)
    pack = answer_ask(
        now, Ask(since="1"), TODAY, lambda number: open_release(changed, number=number)
    )
    found = texts(pack, CHANGES)
    assert pack.since == "uitgave 1"
    assert any("nieuw: 1 activiteit. Buurttuin." in text for text in found)
    assert any(
        "Smal Netwerk. 1 partij doet mee. " in text and "Bewonersraad" in text for text in found
    )
    assert any(
        "Buurtfonds. Status: open. " in text and "Was: in onderzoek." in text for text in found
    )
    assert any("Buurtfonds. Deadline: 1 september 2024. " in text for text in found)
    assert any(
        "opgelost: Doel zonder indicator. Bij: Minder eenzaamheid." in text for text in found
    )
    back = answer_ask(open_release(changed, number=1), Ask(since="2"), TODAY, lambda _: now)
    assert any("weg: 1 activiteit. Buurttuin." in text for text in texts(back, CHANGES))
    assert any("ontbreekt nu: Doel zonder indicator." in text for text in texts(back, CHANGES))


def test_a_theme_holds_what_works_on_it_and_nothing_else(mini: OpenRelease) -> None:
    scope = find_scope(mini, "thema", "wonen")
    assert any(iri.endswith("/brede-tafel") for iri in scope.things or ())
    assert not any(iri.endswith("/buurtbus") for iri in scope.things or ())
    assert find_scope(mini, "thema", "WONEN") == scope


def test_an_area_without_anything_gives_a_pack_in_words(mini: OpenRelease) -> None:
    pack = pack_of(mini, scope="subregio", name="dijkstad", since="2025")
    assert [len(one.entries) for one in pack.sections] == [0, 0, 0, 0, 0]
    assert all(len(one.summary.split()) > 3 for one in pack.sections)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"scope": "subrego", "name": "dijkstad"}, "bedoelde u subregio"),
        ({"scope": "subregio", "name": "dijkstat"}, "bedoelde u dijkstad?"),
        ({"scope": "thema", "name": "wone"}, "bedoelde u wonen"),
        ({"scope": "thema"}, "noem een thema"),
        ({"name": "wonen"}, "bedoelde u thema"),
        ({"since": "gisteren"}, "geen uitgave en geen datum"),
        ({"since": "2024-13"}, "geen datum"),
        ({"since": "1"}, "deze uitgave zelf"),
        ({"day": "1 juni"}, "2026-01-31"),
    ],
)
def test_what_does_not_exist_is_said_with_what_does(
    mini: OpenRelease, asked: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        pack_of(mini, **asked)


def test_unknown_names_are_unknown_things(mini: OpenRelease) -> None:
    with pytest.raises(UnknownThing):
        find_scope(mini, "thema", "bestaat-niet")


def test_four_digits_are_a_year_and_fewer_a_release() -> None:
    assert (read_since("12").release, read_since("12").day) == (12, "")
    assert (read_since("2024").release, read_since("2024").day) == (None, "2024")


def test_persons_are_in_the_internal_pack_only(
    mini: OpenRelease, mini_internal: OpenRelease
) -> None:
    assert "Joke Voorbeeld" not in str(pack_of(mini))
    inside = pack_of(mini_internal)
    assert any("Joke Voorbeeld" in text for text in texts(inside, PEOPLE))
    assert inside.is_internal


def test_themes_of_one_name_are_one_choice(mini: OpenRelease) -> None:
    names = [label.casefold() for _, label in scope_choices(mini, ScopeKind.THEMA)]
    assert len(names) == len(set(names))
    assert [slug for slug, _ in scope_choices(mini, ScopeKind.SUBREGIO)] == ["dijkstad"]


def test_sentences_are_short_and_plain(mini: OpenRelease) -> None:
    """Our own words alone: what data bring in is out of our hands."""
    lengths = []
    for pack in (pack_of(mini), pack_of(norm_region())):
        for one in pack.sections:
            parts = [
                one.title,
                one.summary,
                *(e.text for e in one.entries),
                *(e.action for e in one.entries),
            ]
            for text in parts:
                assert not JARGON.search(text), text
                lengths += [len(s.split()) for s in re.split(r"(?<=[.?!]) ", text) if s.strip()]
    assert sum(lengths) / len(lengths) <= MEAN_WORDS
    assert max(lengths) <= MOST_WORDS


def test_words_for_dates_amounts_and_sentences() -> None:
    assert date_words("2024-06-01") == "1 juni 2024"
    assert date_words("2024-06") == "juni 2024"
    assert date_words("binnenkort") == "binnenkort"
    assert euro_words(12500) == "€ 12.500"
    assert sentence("klaar?") == "Klaar?"
    assert sentence("  ") == ""
