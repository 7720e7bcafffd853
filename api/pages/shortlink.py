"""Short addresses that hold what they stand for: nothing is stored, so none is ever lost."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from ontology.errors import UnknownThing

# What addresses of the network are made of, the most frequent last. Part of every address handed out:
# another dictionary needs another letter in front.
_VERSION = "a"
_DICTIONARY = (
    b"vorm=woorden&vorm=tabel&kies=thema/&kies=actor/&kies=samenwerking/&document=redactie-2026"
    b"&document=002-contourenschets-krachtige-samenleving-2020&document=004-jaarplan-flever-2024"
    b"&document=003-whitepaper-netwerkregie-2023&document=000-introductie-netwerkbureau-2024"
    b"&document=001-procesplan-regioplan-flevoland-2023&per=2020-04&per=2024-04-26&per=2023&per=2024"
    b"&soort=akkoord&soort=geld&soort=bouwsteen&soort=programma&soort=thema&soort=samenwerking"
    b"&soort=partij&laag=banden&laag=bouwstenen&laag=programma&laag=geld&laag=themas&laag=deelname"
    b"&grootte=gelijk&grootte=eigenvector&grootte=nabijheid&grootte=graad&grootte=betweenness"
    b"&kleur=soort&kleur=groep&kleur=sector&deel=1&deel=3&thema=begrip/thema-plan/&thema=thema/"
    b"&regio=regio/flevoland&regio=regio/almere&regio=regio/lelystad&sector=begrip/sector/"
    b"&diepte=3&diepte=2&beeld=alles&beeld=weg&van=actor/gemeente-&naar=samenwerking/&naar=actor/"
    b"&rond=programma/&rond=thema/&rond=samenwerking/&rond=actor/"
)
# A longer address than this is none of ours.
_MAX = 4_000


def pack(query: str, state: Mapping[str, str]) -> str:
    """Return the code of an address's parameters and of what is selected in it."""
    whole = "&".join(part for part in (query, urlencode(state, safe="/")) if part)
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_DICTIONARY)
    packed = squeezer.compress(whole.encode()) + squeezer.flush()
    return _VERSION + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(code: str) -> str:
    """Return the parameters that a code stands for; raise UnknownThing when it stands for none."""
    try:
        if not code.startswith(_VERSION) or len(code) > _MAX:
            raise ValueError(code)
        packed = base64.urlsafe_b64decode(code[1:] + "=" * (-len(code[1:]) % 4))
        reader = zlib.decompressobj(-15, zdict=_DICTIONARY)
        text = reader.decompress(packed, _MAX).decode()
        if not reader.eof:
            raise ValueError(code)
    except (ValueError, binascii.Error, zlib.error) as exc:
        raise UnknownThing(
            "dit korte adres klopt niet; vraag het opnieuw aan wie het u gaf"
        ) from exc
    return urlencode(parse_qsl(text), safe="/")
