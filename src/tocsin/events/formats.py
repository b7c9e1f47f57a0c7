"""The feeds that tocsin reads: what each one's files look like, and one SELECT that reads them.

A format names its columns as published and gives an SQL expression for each column of the event table, over
those columns as text. Nothing here runs: `feeds` puts the pieces together and `store` runs them. Expressions
use ``TRY_`` casts, so a value that is not what it should be becomes null, and `feeds` tells it from one that
was never there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ISO_DAY: Final = "try_cast(left({0}, 10) AS DATE)"
COMPACT: Final = "%Y%m%d"
# Two digits of a year: the KEDS series begin in 1979, and none was made before 1950.
_SHORT_DAY: Final = (
    "try_cast(try_strptime((CASE WHEN {0} >= '50' THEN '19' ELSE '20' END) || {0}, '%Y%m%d') AS DATE)"
)
# Not 3/4/2021: which of the two is the month depends on who wrote it.
_ANY_DAY: Final = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d-%B-%Y", "%d-%b-%Y", COMPACT, ISO_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One feed's file format.

    Expressions are SQL over the file's columns, written as ``{Column name}``; a column that a file does not
    have reads as null where it is not among `needed`.
    """

    name: str  # as given to --format
    title: str
    source: str  # as kept in the event table
    scheme: str  # of the codes: see `ladder`
    licence: str  # what a user should know before passing the rows on
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    header: tuple[str, ...] | None = None  # the columns of files without a header line
    delimiters: tuple[str, ...] = ("\t",)
    quoted: bool = False
    unique: bool = True  # the feed's ids name one event each, so that a second one is the same event
    event_id: str | None = None
    date: str  # the column
    # Ways in which it may be written: patterns that the file's reader knows, or SQL over {0}. A file keeps to
    # the one that fits its first rows best, the first of equals.
    date_as: tuple[str, ...] = (ISO_DAY,)
    date_end: str = "NULL"
    known: str = "NULL"
    initiator: str
    target: str
    code: str
    weight: str = "NULL"
    low: str = "NULL"
    best: str = "NULL"
    high: str = "NULL"
    place: str = "NULL"
    latitude: str = "NULL"
    longitude: str = "NULL"
    directed: str = "true"


def _name(name: str, country: str) -> str:
    """A name, with its country in brackets where the name does not say it: patterns can then see both."""
    return (
        f"CASE WHEN {name} IS NULL OR {country} IS NULL OR contains({name}, {country}) THEN {name} "
        f"ELSE {name} || ' (' || {country} || ')' END"
    )


_GED_NEEDED = ("type_of_violence", "side_a", "side_b", "date_start", "best", "low", "high")

UCDP_GED = Format(
    name="ucdp-ged",
    title="UCDP Georeferenced Event Dataset, and Candidate events",
    source="ucdp-ged",
    scheme="ged",
    licence="CC BY 4.0; cite Sundberg and Melander (2013), Journal of Peace Research 50(4), and the version",
    needed=_GED_NEEDED,
    optional=(
        "id",
        "event_id",
        "date_end",
        "where_description",
        "where_coordinates",
        "country",
        "latitude",
        "longitude",
        "lat",
        "lon",
    ),
    delimiters=(",", ";", "\t"),
    quoted=True,
    event_id="coalesce({id}, {event_id})",
    date="{date_start}",
    date_end=ISO_DAY.format("{date_end}"),
    initiator="{side_a}",
    target="{side_b}",
    code="{type_of_violence}",
    low="{low}",
    best="{best}",
    high="{high}",
    place="concat_ws(', ', coalesce({where_coordinates}, {where_description}), {country})",
    latitude="coalesce({latitude}, {lat})",
    longitude="coalesce({longitude}, {lon})",
    # Sides are listed by who they are, not by who began; only one-sided violence says who did it to whom.
    directed="{type_of_violence} = '3'",
)

ACLED = Format(
    name="acled",
    title="ACLED export",
    source="acled",
    scheme="acled",
    licence="the terms forbid passing rows on, so keep the store to yourself; cite Raleigh and others (2010)",
    needed=("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "fatalities"),
    optional=("location", "admin1", "country", "latitude", "longitude"),
    delimiters=(",", ";", "\t"),
    quoted=True,
    event_id="{event_id_cnty}",
    date="{event_date}",
    date_as=_ANY_DAY,
    initiator="{actor1}",
    target="{actor2}",
    code="{event_type} || '/' || {sub_event_type}",
    # One figure, said to be conservative; it is no interval.
    best="{fatalities}",
    place="concat_ws(', ', {location}, {admin1}, {country})",
    latitude="{latitude}",
    longitude="{longitude}",
    # The order of ACLED's actors carries no direction.
    directed="false",
)

_GDELT = (
    "GLOBALEVENTID SQLDATE MonthYear Year FractionDate "
    "Actor1Code Actor1Name Actor1CountryCode Actor1KnownGroupCode Actor1EthnicCode Actor1Religion1Code "
    "Actor1Religion2Code Actor1Type1Code Actor1Type2Code Actor1Type3Code "
    "Actor2Code Actor2Name Actor2CountryCode Actor2KnownGroupCode Actor2EthnicCode Actor2Religion1Code "
    "Actor2Religion2Code Actor2Type1Code Actor2Type2Code Actor2Type3Code "
    "IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale NumMentions NumSources "
    "NumArticles AvgTone "
    "Actor1Geo_Type Actor1Geo_FullName Actor1Geo_CountryCode Actor1Geo_ADM1Code Actor1Geo_ADM2Code "
    "Actor1Geo_Lat Actor1Geo_Long Actor1Geo_FeatureID "
    "Actor2Geo_Type Actor2Geo_FullName Actor2Geo_CountryCode Actor2Geo_ADM1Code Actor2Geo_ADM2Code "
    "Actor2Geo_Lat Actor2Geo_Long Actor2Geo_FeatureID "
    "ActionGeo_Type ActionGeo_FullName ActionGeo_CountryCode ActionGeo_ADM1Code ActionGeo_ADM2Code "
    "ActionGeo_Lat ActionGeo_Long ActionGeo_FeatureID DATEADDED SOURCEURL"
)

GDELT = Format(
    name="gdelt",
    title="GDELT 2.0 event files",
    source="gdelt",
    scheme="cameo",
    licence="any use, with a citation and a link to the GDELT project; cite Leetaru and Schrodt (2013)",
    needed=tuple(_GDELT.split()),
    header=tuple(_GDELT.split()),
    event_id="{GLOBALEVENTID}",
    date="{SQLDATE}",
    date_as=(COMPACT,),
    known="try_cast(try_strptime(left({DATEADDED}, 8), '%Y%m%d') AS DATE)",
    initiator="{Actor1Code}",
    target="{Actor2Code}",
    code="{EventCode}",
    weight="{GoldsteinScale}",
    place="{ActionGeo_FullName}",
    latitude="{ActionGeo_Lat}",
    longitude="{ActionGeo_Long}",
)


def _keds(name: str, scheme: str) -> Format:
    return Format(
        name=name,
        title=f"KEDS event files coded in {scheme.upper()}",
        source=name,
        scheme=scheme,
        licence="redistributed under GPL-3 by the R package events; cite the KEDS project (Gerner, Schrodt)",
        needed=("date", "source", "target", "code"),
        optional=("goldstein", "label", "text"),
        header=("date", "source", "target", "code", "label", "text"),
        unique=False,
        date="{date}",
        date_as=(COMPACT, _SHORT_DAY, "%Y-%m-%d", ISO_DAY),
        initiator="{source}",
        target="{target}",
        code="{code}",
        weight="{goldstein}",
    )


KEDS = _keds("keds", "cameo")
KEDS_WEIS = _keds("keds-weis", "weis")

ICEWS = Format(
    name="icews",
    title="ICEWS coded event data, tab export",
    source="icews",
    scheme="cameo",
    licence="the archive's terms limit copying to research and education; cite Boschee and others (ICEWS)",
    needed=("Event ID", "Event Date", "Source Name", "CAMEO Code", "Target Name"),
    optional=(
        "Source Country",
        "Target Country",
        "Intensity",
        "City",
        "Province",
        "Country",
        "Latitude",
        "Longitude",
    ),
    # The export's ids number sentences and come back in other years' files, so they name no event.
    unique=False,
    event_id="{Event ID}",
    date="{Event Date}",
    date_as=_ANY_DAY,
    initiator=_name("{Source Name}", "{Source Country}"),
    target=_name("{Target Name}", "{Target Country}"),
    code="{CAMEO Code}",
    weight="{Intensity}",
    place="concat_ws(', ', {City}, {Province}, {Country})",
    latitude="{Latitude}",
    longitude="{Longitude}",
)

POLECAT = Format(
    name="polecat",
    title="POLECAT events in PLOVER, tab export",
    source="polecat",
    scheme="plover",
    licence="as its archive says; cite Halterman, Bagozzi, Beger, Schrodt and Scarborough (2023)",
    needed=("Event ID", "Event Date", "Event Type", "Event Mode", "Actor Name", "Recipient Name"),
    optional=(
        "Intensity",
        "Actor Country",
        "Recipient Country",
        "Placename",
        "City",
        "Province",
        "Country",
        "Latitude",
        "Longitude",
        "Publication Date",
    ),
    event_id="{Event ID}",
    date="{Event Date}",
    date_as=_ANY_DAY,
    known=ISO_DAY.format("{Publication Date}"),
    initiator=_name("coalesce({Actor Name}, {Actor Country})", "{Actor Country}"),
    target=_name("coalesce({Recipient Name}, {Recipient Country})", "{Recipient Country}"),
    code="upper({Event Type}) || coalesce(':' || lower({Event Mode}), '')",
    weight="{Intensity}",
    place="concat_ws(', ', coalesce({Placename}, {City}), {Province}, {Country})",
    latitude="{Latitude}",
    longitude="{Longitude}",
)

FORMATS: Final = {form.name: form for form in (UCDP_GED, ACLED, GDELT, KEDS, KEDS_WEIS, ICEWS, POLECAT)}
