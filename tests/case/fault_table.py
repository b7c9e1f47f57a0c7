"""One small edit to a case without faults, one golden: what `tocsin check` then says.

An edit replaces a text in one file of ``tests/case/base``; where the text is None, the whole file.
"""

# ruff: noqa: E501 - one slip a line reads better than a line broken in three

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A slip of the pen, and its name, which is that of its golden."""

    name: str
    file: str
    old: str | None
    new: str


CASE, INDICATORS, SOURCES, LEVERS = "case.yaml", "indicators.yaml", "sources.yaml", "levers.yaml"
REPORTS, OUTCOMES = "reports.csv", "outcomes.yaml"
COLLECTORS, TRUTH, VARIANTS = "collectors.yaml", "truth.yaml", "variants.yaml"
RULE = "rule: {front: sudria -> norland, reaches: strikes}"
LAST = "r3,2030-02-20"

FORM = (
    Edit("yaml-tab", CASE, "    name: Sudria\n", "\tname: Sudria\n"),
    Edit("yaml-key-twice", CASE, "title: A small case", "title: A small case\ntitle: Another"),
    Edit("yaml-alias", CASE, "  - id: westmark\n    name: Westmark", "  - &w {id: westmark, name: W}\n  - *w"),
    Edit("yaml-undefined-alias", CASE, "step: week", "step: *week"),
    Edit("yaml-merge-key", CASE, "  - id: westmark\n", "  - <<: {kind: bloc}\n    id: westmark\n"),
    Edit("yaml-tag", CASE, "title: A small case", "title: !!python/name:os.system A"),
    Edit("yaml-string-tag", CASE, "start: 0.1", "start: !!float 0.1"),
    Edit("yaml-two-documents", OUTCOMES, "outcomes:", "---\noutcomes: []\n---\noutcomes:"),
    Edit("yaml-colon", CASE, "question: Will it spread?", "question: Will it: spread?"),
    Edit("yaml-open-quote", CASE, "title: A small case", 'title: "A small case'),
    Edit("yaml-open-bracket", CASE, "between: [norland, sudria]", "between: [norland, sudria"),
    Edit("yaml-indentation", CASE, "    name: Norland\n", "   name: Norland\n"),
    Edit("yaml-reserved-character", CASE, "title: A small case", "title: @home"),
    Edit("yaml-list-at-top", LEVERS, "levers:\n", ""),
    Edit("yaml-only-comments", OUTCOMES, None, "# nothing yet\n"),
    Edit("yaml-list-as-key", CASE, "terms: {norland: 0.3}", "terms: {[norland]: 0.3}"),
    Edit("yaml-infinite", CASE, "shift: 0.2", "shift: .inf"),
    Edit("yaml-many-digits", CASE, "shift: 0.2", "shift: 1234567890123456789"),
    Edit("yaml-deep", CASE, "title: A small case", "title: " + "[" * 40 + "]" * 40),
    Edit("file-empty", LEVERS, None, "  \n"),
    Edit("file-not-text", LEVERS, None, "levers: []\n\0"),
    Edit("key-unknown", CASE, "    name: Norland", "    name: Norland\n    nmae: N"),
    Edit("key-unknown-at-top", CASE, "title: A small case", "titel: A small case"),
    Edit("key-in-wrong-file", CASE, "step: week", "step: week\nlevers: []"),
    Edit("key-missing", CASE, "    name: Norland\n", ""),
    Edit("key-from-half-a-sentence", CASE, "from: offensive}", "from: offensive, text: as before, or worse}"),
    Edit("format-version", CASE, "tocsin: 1", "tocsin: 2"),
    Edit("value-nothing", CASE, "title: A small case", "title:"),
    Edit("value-empty-text", CASE, "title: A small case", 'title: ""'),
    Edit("value-not-text", CASE, "title: A small case", "title: 1914"),
    Edit("value-too-long", CASE, "title: A small case", "title: " + "long " * 60),
    Edit("value-not-a-list", CASE, "fronts:\n", "fronts: none\nfronts-before:\n"),
    Edit("value-empty-list", CASE, RULE, "rule: {any: []}"),
    Edit("id-form", CASE, "  - id: westmark", "  - id: West Mark"),
    Edit("front-form", CASE, "valleys, front: sudria -> norland", "valleys, front: sudria->norland"),
    Edit("as-of-outside", CASE, "step: week", "step: week\nas_of: 2099-01-01"),
    Edit("date-form", CASE, "end: 2030-12-30", "end: 30.12.2030"),
    Edit("date-impossible", CASE, "by: 2030-06-30", "by: 2030-06-31"),
    Edit("choice-unknown", CASE, "kind: rivalry", "kind: rival"),
    Edit("step-unknown", CASE, "step: week", "step: fortnight"),
    Edit("whole-number", CASE, "preparation: [0.6, 0.3, 0.1, 0]", "preparation: 4"),
    Edit("number-range", CASE, "start: 0.1", "start: 1.1"),
    Edit("number-as-text", CASE, "start: 0.1", "start: low"),
    Edit("pair-of-three", CASE, "between: [norland, sudria]", "between: [norland, sudria, westmark]"),
    Edit("pair-of-one", CASE, "between: [norland, sudria]", "between: [norland]"),
    Edit("place-of-one", CASE, "name: Westmark", "name: Westmark\n    place: [51]"),
    Edit("place-off-the-globe", CASE, "name: Westmark", "name: Westmark\n    place: [51, 200]"),
    Edit("place-as-word", CASE, "name: Westmark", "name: Westmark\n    place: far away"),
    Edit("chances-of-two", CASE, "preparation: [0.6, 0.3, 0.1, 0]", "preparation: [0.6, 0.4]"),
    Edit("mapping-as-word", CASE, "dispositions: {restrained: 0.5, opportunist: 0.4, committed: 0.1}", "dispositions: restrained"),
    Edit("mapping-of-words", CASE, "{restrained: 0.5,", "{restrained: even,"),
    Edit("mapping-key-form", CASE, "terms: {norland: 0.3}", "terms: {Norland: 0.3}"),
    Edit("csv-no-header", REPORTS, None, ",,\n"),
    Edit("spread-half", CASE, "strength: 0.5", "strength: {median: 0.5}"),
    Edit("word-is-a-list", CASE, "strength: 0.5", "strength: [strong]"),
    Edit("effect-of-two", CASE, "{factor: passes-open, shift: 0.2}", "{factor: passes-open, pull: sudria -> norland, shift: 1}"),
    Edit("effect-of-none", CASE, "{factor: passes-open, shift: 0.2}", "{shift: 0.2}"),
    Edit("indicator-about-none", INDICATORS, "about: {disposition: sudria}", "about: {}"),
    Edit("csv-column-unknown", REPORTS, "grade,text", "grade,txt"),
    Edit("csv-column-missing", REPORTS, "id,date,known,source", "id,date,known,origins"),
    Edit("csv-column-twice", REPORTS, "grade,text", "grade,grade"),
    Edit("csv-too-many-cells", REPORTS, '"Trucks, says a shopkeeper"', "Trucks, says a shopkeeper"),
    Edit("csv-too-few-cells", REPORTS, "convoys,,not seen,2,", "convoys,,not seen"),
    Edit("csv-open-quote", REPORTS, 'shopkeeper"', "shopkeeper"),
    Edit("csv-text-after-quote", REPORTS, 'shopkeeper"', 'shopkeeper" he said'),
    Edit("csv-semicolons", REPORTS, None, "id;date;source\nr1;2030-02-01;press\n"),
    Edit("csv-grade", REPORTS, "seen,3,", "seen,B,"),
    Edit("csv-date", REPORTS, "2030-01-15", "15/01/2030"),
    Edit("csv-empty-cell", REPORTS, "r1,2030-01-15,,press", "r1,2030-01-15,,"),
)  # fmt: skip

NAMES = (
    Edit("unknown-actor-in-tie", CASE, "to: norland, kind", "to: norlad, kind"),
    Edit("unknown-actor-in-front", CASE, "{from: westmark, to: sudria}", "{from: westmarc, to: sudria}"),
    Edit("unknown-actor-in-threat", CASE, "protects: norland", "protects: eastmark"),
    Edit("unknown-actor-in-deal", CASE, "between: [norland, sudria]", "between: [norland, suderia]"),
    Edit("unknown-actor-in-lever", LEVERS, "actor: westmark", "actor: eastmark"),
    Edit("unknown-actor-in-source", SOURCES, "reason: Close and quick.", "reason: x, controlled_by: sudira"),
    Edit("unknown-actor-in-indicator", INDICATORS, "disposition: sudria", "disposition: sudra"),
    Edit("unknown-front-in-reason", CASE, "valleys, front: sudria -> norland", "valleys, front: sudria -> westmark"),
    Edit("unknown-front-in-driver", CASE, "{front: westmark -> sudria,", "{front: westmark -> norland,"),
    Edit("unknown-front-in-rule", CASE, RULE, "rule: {front: norland -> westmark, reaches: strikes}"),
    Edit("unknown-front-in-report", REPORTS, "sudria -> norland,words", "norland -> westmark,words"),
    Edit("unknown-front-in-effect", LEVERS, "threat: westmark -> sudria", "provokes: sudria -> westmark"),
    Edit("unknown-factor-in-reason", CASE, "factor: passes-open, from", "factor: pass-open, from"),
    Edit("unknown-factor-in-effect", CASE, "{factor: passes-open, shift: 0.2}", "{factor: winter, shift: 0.2}"),
    Edit("unknown-rung-of-front", CASE, "posture: words", "posture: word"),
    Edit("unknown-rung-of-reason", CASE, "from: strikes", "from: strike"),
    Edit("unknown-rung-of-deal", CASE, "cap: words", "cap: peace"),
    Edit("unknown-rung-in-report", REPORTS, "norland,words", "norland,wrods"),
    Edit("unknown-rung-in-rule", CASE, "reaches: strikes", "reaches: invasion"),
    Edit("unknown-disposition", CASE, "committed: 0.1", "comitted: 0.1"),
    Edit("unknown-indicator-in-report", REPORTS, "press,,convoys", "press,,convoy"),
    Edit("unknown-indicator-in-watch", SOURCES, "{indicator: convoys", "{indicator: hospital"),
    Edit("unknown-indicator-in-sees", SOURCES, "sees: [convoys,", "sees: [convoys, sirens,"),
    Edit("unknown-source", REPORTS, ",press,", ",pres,"),
    Edit("unknown-lever", CASE, "text: Two brigades leave.", "text: x, lever: returns"),
    Edit("unknown-threat", LEVERS, "threat: westmark -> sudria", "threat: sudria -> westmark"),
    Edit("unknown-tie", LEVERS, "threat: westmark -> sudria", "tie: westmark -> eastmark"),
    Edit("unknown-deal", CASE, RULE, "rule: {deal: talk}"),
    Edit("unknown-deal-on-table", CASE, "{factor: passes-open, shift: 0.2}", "{table: talk, shift: 1}"),
    Edit("unknown-question", OUTCOMES, "question: beyond", "question: within"),
    Edit("twice-actor", CASE, "  - id: westmark", "  - id: norland"),
    Edit("twice-front", CASE, "{from: westmark, to: sudria}", "{from: norland, to: sudria}"),
    Edit("twice-report", REPORTS, LAST, "r1,2030-02-20"),
    Edit("twice-outcome", OUTCOMES, "outcomes:\n", "outcomes:\n  - {question: beyond, resolved: void, date: 2030-05}\n"),
    Edit("self-front", CASE, "{from: westmark, to: sudria}", "{from: westmark, to: westmark}"),
    Edit("self-tie", CASE, "{from: norland, to: sudria, kind", "{from: sudria, to: sudria, kind"),
    Edit("self-threat", CASE, "{by: westmark, against: sudria", "{by: sudria, against: sudria"),
    Edit("self-deal", CASE, "between: [norland, sudria]", "between: [norland, norland]"),
    Edit("threat-protects-its-target", CASE, "protects: norland", "protects: sudria"),
    Edit("threat-without-front", CASE, "protects: norland, ", ""),
    Edit("deal-without-front", CASE, "between: [norland, sudria]", "between: [norland, westmark]"),
    Edit("deal-terms-of-others", CASE, "terms: {norland: 0.3}", "terms: {westmark: 0.3}"),
)  # fmt: skip

LADDER = (
    "step: week\nladder:\n  rungs:\n    - {id: calm}\n    - {id: words}\n    - {id: shows}\n    - {id: strikes, readiness: 2}"
    "\n    - {id: offensive, readiness: 2}\n  contact: shows\n  blow: strikes\n  attack: offensive"
)  # fmt: skip
NUMBERS = (
    Edit("chances-do-not-sum", CASE, "committed: 0.1", "committed: 0.2"),
    Edit("chances-left-out", CASE, "{restrained: 0.5, opportunist: 0.4, committed: 0.1}", "{restrained: 0.5, opportunist: 0.5}"),
    Edit("preparation-does-not-sum", CASE, "[0.6, 0.3, 0.1, 0]", "[0.6, 0.3, 0.1, 0.1]"),
    Edit("word-off-scale-weight", CASE, "weight: strong", "weight: strogn"),
    Edit("word-off-scale-strength", CASE, "strength: strong, since", "strength: mighty, since"),
    Edit("word-off-scale-likelihood", INDICATORS, "shows: likely", "shows: probable"),
    Edit("word-off-scale-coverage", SOURCES, "coverage: likely", "coverage: lickely"),
    Edit("word-off-scale-style", CASE, "style: {inertia: strong}", "style: {inertia: stubborn}"),
    Edit("number-off-scale-weight", CASE, "weight: strong", "weight: 35"),
    Edit("number-off-scale-strength", CASE, "strength: 0.5", "strength: 5"),
    Edit("number-off-scale-likelihood", INDICATORS, "0: 0.01", "0: -0.01"),
    Edit("number-off-scale-bias", CASE, "style: {inertia: strong}", "style: {bias: 200}"),
    Edit("ladder-role", CASE, "step: week", LADDER.replace("blow: strikes", "blow: exchange")),
    Edit("ladder-readiness-falls", CASE, "step: week", LADDER.replace("offensive, readiness: 2", "offensive, readiness: 1")),
    Edit("ladder-readiness-at-bottom", CASE, "step: week", LADDER.replace("{id: calm}", "{id: calm, readiness: 1}")),
    Edit("ladder-rung-twice", CASE, "step: week", LADDER.replace("{id: offensive, readiness: 2}", "{id: offensive, readiness: 2}\n    - {id: strikes, readiness: 3}")),
    Edit("level-unknown", INDICATORS, "shows: likely", "show: likely"),
    Edit("level-of-preparation", INDICATORS, "2: roughly even", "4: roughly even"),
    Edit("level-lowest-missing", INDICATORS, "{calm: unlikely, shows: likely}", "{words: unlikely, shows: likely}"),
    Edit("level-disposition-missing", INDICATORS, "restrained: 0.1, ", ""),
    Edit("level-all-alike", INDICATORS, "2: roughly even", "2: 0.01"),
    Edit("shift-too-large", CASE, "shift: 0.2", "shift: 2"),
    Edit("shift-of-deal", CASE, "{factor: passes-open, shift: 0.2}", "{deal: talks, shift: 0.5}"),
    Edit("shift-of-table", CASE, "{factor: passes-open, shift: 0.2}", "{table: talks, shift: 2}"),
    Edit("shift-at-once", LEVERS, "shift: 0.4", "shift: 0.4, at_once: true"),
    Edit("lever-without-effects", LEVERS, "effects:\n      - {threat: westmark -> sudria, shift: 0.4}", "effects: []"),
)  # fmt: skip

DATES = (
    Edit("end-before-start", CASE, "end: 2030-12-30", "end: 2029-12-30"),
    Edit("horizon-too-long", CASE, "end: 2030-12-30", "end: 2130-12-30"),
    Edit("fine-not-finer", CASE, "step: week", "step: week\nfine: [{since: 2030-03, until: 2030-04, step: week}]"),
    Edit("fine-outside", CASE, "step: week", "step: week\nfine: [{since: 2029-12, until: 2030-02}]"),
    Edit("fine-overlap", CASE, "step: week", "step: week\nfine: [{since: 2030-03, until: 2030-05}, {since: 2030-04, until: 2030-06}]"),
    Edit("tie-ends-before-it-starts", CASE, "until: 2031", "until: 2011"),
    Edit("tie-overlap", CASE, "kind: rivalry, strength: 0.5, since: 1998}", "kind: rivalry, strength: 0.5, since: 1998}\n  - {from: sudria, to: norland, kind: rivalry, strength: high, since: 2020}"),
    Edit("event-known-too-soon", CASE, "known: 2030-02-12", "known: 2030-02-10"),
    Edit("event-before-start", CASE, "date: 2030-02-11", "date: 2020-02-11"),
    Edit("event-until", CASE, "known: 2030-02-12", "until: 2030-02-01"),
    Edit("report-known-too-soon", REPORTS, "2030-01-24", "2030-01-14"),
    Edit("report-after-end", REPORTS, "2030-02-20,2030-02-21", "2031-02-20,2031-02-21"),
    Edit("report-known-after-end", REPORTS, "2030-02-20,2030-02-21", "2030-02-20,2031-02-21"),
    Edit("outcome-known-too-soon", OUTCOMES, "known: 2030-07-02", "known: 2030-06-02"),
    Edit("outcome-yes-too-late", OUTCOMES, "resolved: no, date: 2030-06-30", "resolved: yes, date: 2030-07-01"),
    Edit("deal-off-before-on", CASE, "on_table: 2030-03", "on_table: 2030-03, off_table: 2030-02"),
    Edit("deal-off-never-on", CASE, "on_table: 2030-03", "off_table: 2030-02"),
    Edit("question-after-end", CASE, "by: 2030-06-30", "by: 2031-06-30"),
    Edit("question-before-start", CASE, "by: 2030-06-30", "by: 2029-06-30"),
    Edit("question-since-after-by", CASE, "by: 2030-06-30", "by: 2030-06-30\n    since: 2030-07"),
    Edit("question-since-before-start", CASE, "by: 2030-06-30", "by: 2030-06-30\n    since: 2029"),
    Edit("rule-after-question", CASE, "reaches: strikes}", "reaches: strikes, by: 2030-07-30}"),
    Edit("rule-since-after-by", CASE, "reaches: strikes}", "reaches: strikes, since: 2030-07-30}"),
    Edit("watch-ends-before-it-starts", SOURCES, "until: 2030-07-01", "since: 2030-02, until: 2030-01"),
    Edit("watch-overlap", SOURCES, "until: 2030-07-01}", "until: 2030-07-01}\n      - {indicator: convoys, coverage: 0.5}"),
    Edit("watch-silent-for-a-year", CASE, "start: 2030-01-07", "start: 2028-01-03"),
)  # fmt: skip

EVIDENCE = (
    Edit("report-on-nothing", REPORTS, "press,,convoys,,seen", "press,,,,seen"),
    Edit("report-on-both", REPORTS, "press,,convoys,,seen", "press,,convoys,sudria -> norland,seen"),
    Edit("report-value", REPORTS, "convoys,,seen", "convoys,,yes"),
    Edit("report-unseen", REPORTS, "monitors,,convoys", "monitors,,hospitals"),
    Edit("watch-unseen", SOURCES, "{indicator: convoys", "{indicator: hospitals"),
    Edit(
        "evidence-confusion-shape",
        SOURCES,
        "    grade: B\n",
        "    grade: B\n    confusion: [[1, 0], [0, 1]]\n",
    ),
    Edit(
        "evidence-confusion-sum",
        SOURCES,
        "    grade: B\n",
        "    grade: B\n    confusion:\n" + "      - [0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2]\n" * 7,
    ),
    Edit(
        "evidence-store-feed",
        SOURCES,
        "    grade: B\n",
        "    grade: B\n    store: {feed: kesd}\n",
    ),
    Edit(
        "evidence-store-actor",
        SOURCES,
        "    grade: B\n",
        "    grade: B\n    store: {feed: keds, actors: {nroland: NOR}}\n",
    ),
)

QUESTIONS = (
    Edit("rule-of-none", CASE, RULE, "rule: {by: 2030-06}"),
    Edit("rule-of-two", CASE, RULE, "rule: {front: sudria -> norland, reaches: strikes, deal: talks}"),
    Edit("rule-front-without-reaches", CASE, ", reaches: strikes}", "}"),
    Edit("rule-reaches-without-front", CASE, "rule: {front: sudria -> norland, ", "rule: {deal: talks, "),
    Edit("rule-lowest-rung", CASE, "reaches: strikes", "reaches: calm"),
    Edit("rule-factor-without-above", CASE, RULE, "rule: {factor: passes-open}"),
    Edit("rule-above-one", CASE, RULE, "rule: {factor: passes-open, above: 1}"),
    Edit("rule-at-least-too-many", CASE, RULE, "rule: {at_least: 2, of: [{deal: talks}]}"),
    Edit("rule-at-least-of-nothing", CASE, RULE, "rule: {at_least: 1}"),
    Edit("rule-nested", CASE, RULE, "rule: {all: [{deal: talks}, {any: [{front: sudria -> norland, reaches: calm}]}]}"),
    Edit("rule-deal-never-on-table", CASE, "on_table: 2030-03, terms: {norland: 0.3}}", "terms: {norland: 0.3}}"),
)  # fmt: skip

COLLECTION = (
    Edit("collector-twice", COLLECTORS, "- id: patrols", "- id: satellite"),
    Edit("collector-actor", COLLECTORS, "actor: westmark", "actor: eastmark"),
    Edit("collector-source", COLLECTORS, "source: monitors", "source: monitor"),
    Edit("collector-quality-actor", COLLECTORS, "norland: 0.9}", "norlad: 0.9}"),
    Edit("collector-quality-word", COLLECTORS, "{sudria: likely, n", "{sudria: likley, n"),
    Edit("collector-quality-none", COLLECTORS, "    quality: {sudria: likely}\n    looks: {sudria: 1}\n    sees: [convoys]\n    fixed: true", "    quality: {}"),
    Edit("collector-looks-actor", COLLECTORS, "looks: {sudria: 1}", "looks: {sudrai: 1}"),
    Edit("collector-looks-without-quality", COLLECTORS, "looks: {sudria: 1}", "looks: {norland: 1}"),
    Edit("collector-looks-sum", COLLECTORS, "norland: 0.25", "norland: 0.75"),
    Edit("collector-fixed-nowhere", COLLECTORS, "looks: {sudria: 1}", "looks: {}"),
    Edit("collector-sees-unknown", COLLECTORS, "sees: [hospitals]", "sees: [hospital]"),
    Edit("collector-sees-what-its-source-cannot", COLLECTORS, "sees: [convoys]", "sees: [hospitals]"),
    Edit("collector-sees-a-factor", INDICATORS, "about: {preparation: sudria -> norland}\n    likelihood: {0: 0.01, 2: roughly even}", "about: {factor: passes-open}\n    likelihood: {low: 0.01, high: 0.5}"),
    Edit("collector-sees-whom-it-cannot", COLLECTORS, "{sudria: likely, norland: 0.9}\n    looks: {sudria: 0.5, norland: 0.25}", "{norland: 0.9}"),
    Edit("collector-discipline", COLLECTORS, "discipline: imagery", "discipline: image"),
)  # fmt: skip

HINDSIGHT = (
    Edit("truth-list", TRUTH, None, "truth: []\n"),
    Edit("truth-disposition-actor", TRUTH, "dispositions: {sudria", "dispositions: {sudira"),
    Edit("truth-disposition", TRUTH, "sudria: opportunist", "sudria: hawk"),
    Edit("truth-deceives", TRUTH, "norland: false", "nordland: false"),
    Edit("truth-level-of-two", TRUTH, "{goal: sudria -> norland,", "{goal: sudria -> norland, factor: passes-open,"),
    Edit("truth-level-of-none", TRUTH, "{goal: sudria -> norland, value", "{value"),
    Edit("truth-level-front", TRUTH, "goal: sudria -> norland", "goal: sudria -> westmark"),
    Edit("truth-level-factor", TRUTH, "factor: passes-open", "factor: passes"),
    Edit("truth-level-rung", TRUTH, "value: strikes", "value: strike"),
    Edit("truth-level-rung-as-number", TRUTH, "value: strikes", "value: 4"),
    Edit("truth-level-readiness", TRUTH, "value: 2,", "value: 2.5,"),
    Edit("truth-level-share", TRUTH, "value: 0.2,", "value: high,"),
    Edit("truth-level-order", TRUTH, "since: 2030-03-04", "since: 2029-03-04"),
    Edit("truth-level-after-end", TRUTH, "since: 2030-03-04", "since: 2031-03-04"),
    Edit("truth-report", TRUTH, "reports: {r1", "reports: {r9"),
    Edit("truth-report-word", TRUTH, "r1: right", "r1: true"),
    Edit("truth-planted-by-nobody", INDICATORS, "about: {posture: sudria -> norland}\n    likelihood: {calm: unlikely, shows: likely}", "about: {factor: passes-open}\n    likelihood: {low: 0.1, high: 0.4}"),
    Edit("truth-planted-by-the-honest", TRUTH, "sudria: true", "sudria: false"),
    Edit("truth-planted-by-the-unsaid", TRUTH, "{sudria: true, norland: false}", "{norland: false}"),
    Edit("truth-set-aside-unknown", TRUTH, "set_aside: [r2]", "set_aside: [r22]"),
    Edit("truth-set-aside-twice", TRUTH, "set_aside: [r2]", "set_aside: [r2, r2]"),
    Edit("truth-set-aside-in-use", TRUTH, "set_aside: [r2]", "set_aside: [r1]"),
)  # fmt: skip

SUDRIA = "actors.sudria.dispositions"
VIEWS = (
    Edit("variant-twice", VARIANTS, "- id: trained", "- id: worried"),
    Edit("variant-source", VARIANTS, "only: [monitors]", "only: [monitor]"),
    Edit("variant-source-kept-and-left", VARIANTS, "only: [monitors]", "only: [monitors]\n    without: [monitors]"),
    Edit("variant-kind", VARIANTS, SUDRIA, "actor.sudria.dispositions"),
    Edit("variant-record", VARIANTS, SUDRIA, "outcomes.beyond.resolved"),
    Edit("variant-actor", VARIANTS, SUDRIA, "actors.sudira.dispositions"),
    Edit("variant-front", VARIANTS, SUDRIA, "fronts.sudria -> westmark.posture"),
    Edit("variant-number", VARIANTS, SUDRIA, "events.redeploys.effects.3.shift"),
    Edit("variant-too-deep", VARIANTS, SUDRIA, "actors.norland.name.first"),
    Edit("variant-overlap", VARIANTS, "actors.sudria.style.inertia: modest", "actors.sudria.dispositions.committed: 0.4"),
    Edit("variant-field", VARIANTS, SUDRIA, "actors.sudria.disposition"),
    Edit("variant-value", VARIANTS, "pace.revision: 1.5", "pace.revision: often"),
    Edit("variant-word", VARIANTS, "style.inertia: modest", "style.inertia: stubborn"),
    Edit("variant-sum", VARIANTS, "committed: 0.4}", "committed: 0.5}"),
    Edit("variant-missing", VARIANTS, "reasons.valleys.from: offensive", "reasons.valleys.from:"),
    Edit("variant-added", VARIANTS, "reasons.valleys.from: offensive", "reasons.pride: {front: sudria -> norland, direction: pull, weight: strong}"),
    Edit("variant-taken-away", VARIANTS, "reasons.valleys.from: offensive", "factors.passes-open:"),
    Edit("variant-not-a-mapping", VARIANTS, "    only: [monitors]", "    change: [monitors]"),
)  # fmt: skip

GROUPS = {
    "Faults of form": FORM,
    "Faults of names": NAMES,
    "Faults of numbers": NUMBERS,
    "Faults of dates": DATES,
    "Faults of evidence": EVIDENCE,
    "Faults of questions": QUESTIONS,
    "Faults of collectors": COLLECTION,
    "Faults of what is known now": HINDSIGHT,
    "Faults of variants": VIEWS,
}
EDITS = tuple(edit for edits in GROUPS.values() for edit in edits)
