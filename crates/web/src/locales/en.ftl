# Every English sentence on screen that does not come from the plan's own pack.

skip = Skip to the content
nav-label = Pages
nav-more = More
nav-overview = Overview
nav-indicators = Targets
nav-plan = Plan
other-language = Tiếng Việt
header-as-of = As of { $day }
as-of-label = Show figures as of
as-of-show = Show
as-of-help = All figures on the page are computed again from the records in force on this day.
as-of-today = Today
synthetic = The register holds <strong>synthetic data</strong>; hollow dots are published figures.
footer-as-of = as of { $day }
footer-definition = How it is computed and from what
plan-line = Plan { $number } of { $day }
whole-unit = whole province
goal-of-whole = { $goal } for the province
goal-of-units = { $goal } units
goal-of-range = { $goal }
whole-unit-link = Whole province
ledger-position = ledger position { $position }
unknown = not known

overview-off-behind = { $off } of { $all } targets { $off ->
        [one] is
       *[other] are
    } off track; { $behind } { $behind ->
        [one] is
       *[other] are
    } behind.
overview-off = { $off } of { $all } targets { $off ->
        [one] is
       *[other] are
    } off track; none is behind.
overview-behind = { $behind } of { $all } targets { $behind ->
        [one] is
       *[other] are
    } behind; none is off track.
overview-all-good = { $good } of { $all } targets are met or on track; none is behind.
overview-no-data = There is no data yet to judge the { $all } targets by.
overview-table = The targets of the plan and where each stands
strip-title = All targets in the order of the plan
column-target = Target
column-bullet = Against the goal
column-due = where it should be by now
column-value = Now
column-goal = Goal
column-goal-lower = goal
column-missing = Missing
column-standing = Standing
column-paraphrase = What the plan asks
column-indicator = Indicator
column-definition = What it measures
column-unit = Unit
standing-not-here = Not set here
bullet-title = { $label }: { $value } now, goal { $goal }, { $expected } by now on the line
spark-title = { $label } from { $from } to now, { $value } now
points = { $value } points
horizon-year = by { $year }
horizon-yearly = in { $year }
line-source = The line to the goal runs from { $baseline } on { $from } to { $goal } on { $to }; it starts at: { $source }.
floors-heading = Places below their level for { $year }
floors-none = No place is below the level that the plan sets for each.
floors-row = { $label } { $value }, of { $goal }
floors-missing = { $missing } missing
floors-note = The plan sets this level for each district. Districts ended on 30 June 2025; later records are counted in the former district of their seat.
doubts-heading = What is doubtful
doubts-none = Nothing doubtful was found.
doubts-break = the series breaks between { $from } and { $to }.
doubts-differs = { $published } published for { $day }, { $computed } from the records
doubts-unplaced = { $count ->
        [one] One organisation
       *[other] { $count } organisations
    } could not be placed in an administrative unit of this day.
places-heading = { $count } units below

indicator-proxy = Proxy for the general objective
indicator-alone = Indicator
indicator-heading = { $label }: { $value }.
indicator-heading-no-data = { $label }: no data.
heading-met = { $label }: { $goal } { $horizon } is met.
heading-on-track = { $label }: on track to { $goal } { $horizon }.
heading-behind = { $label }: behind on { $goal } { $horizon }.
heading-off-track = { $label }: off track for { $goal } { $horizon }.
heading-no-data = { $label }: no data to hold against { $goal } { $horizon }.
heading-not-here = { $label }: { $value }; the plan sets no level of its own for this unit.
key-now = { $unit } now, { $day }
key-missing = missing to { $goal }
key-per-year = { $value } / year
key-pace = needed from now
key-pace-times = needed from now, { $times } times the last three years
key-expected = where it should be by now
key-quotient = numerator over denominator
units-that-meet = units that meet it
chart-pace = { $value } more a year needed
chart-line = line to the goal
chart-break = series break
reading-chosen = Shown by the reading “{ $label }”. The standing of the target is judged by the usual reading.
reading-back = Back to the usual reading
break-words = The published series breaks between { $from } and { $to }; its two sides are not to be compared.
records-link = Open the records behind the figure
definition-heading = How it is computed
definition-plan-words = Words of the plan
definition-place = section { $section }
definition-population = Who is counted
definition-note = Note
definition-formula = Formula
definition-divided = divided by
definition-figure = { $name } (published figure)
definition-version = Version
definition-version-from = version { $version }, from { $day }
definition-source = Source
readings-heading = Readings of who is counted
readings-help = The plan does not say who is counted. Each reading gives a number of its own; choose one to see it.
readings-column = Reading
readings-holds = Against the goal
readings-usual = usual
readings-not-yet = Not met
published-heading = Published figures beside those computed from the records
published-day = Day
published-value = Published
published-computed = From the records
published-difference = Difference
published-status = Firmness
published-source = Source
published-note = Both are of the same day. The two kinds of figures are never mixed.
units-heading = By { $level }
units-districts = Districts as of { $day }
units-communes = Communes as of { $day }

records-heading = { $count ->
        [one] One record stands
       *[other] { $shown } records stand
    } behind { $value }: { $label }, { $unit }, { $day }.
records-all = All ({ $count })
records-only-in = Counted ({ $count })
records-only-out = Left out ({ $count })
records-none = There are no records.
records-organisation = Organisation
records-place = Seat
records-in = Counted
records-contribution = Contribution
records-why = Why
records-mark-both = numerator and denominator
records-mark-denominator = denominator only
records-mark-in = yes
records-mark-out = no
records-no-place = not known
records-previous = Previous
records-next = Next
records-range = { $first }–{ $last } of { $all } records

indicators-heading = { $targets } targets with a number, { $qualitative } without, { $indicators } indicators.
indicators-targets = Targets of the plan
indicators-qualitative = Targets without a number, followed through tasks
indicators-proxies = Proxies for the general objective
indicators-proxies-help = The general objective has no number of its own. The indicators below show a direction, not a level to be reached.
indicators-all = Other indicators

plan-document = No. { $number }, { $issuer }, { $day }; signed by { $signer }
plan-implements = Carries out { $documents }
plan-parts = Parts of this page
plan-objectives = Objectives and targets
plan-tasks = Tasks by policy field
plan-agencies = Agencies
plan-calendar = Reporting calendar
plan-text = The document (in Vietnamese)
plan-no-text = The text of the plan is not attached; targets are given in our own words. Once an administrator attaches the text, each target opens onto its sentence.
plan-proxies = Followed through:
plan-article = Article { $article } of the Law on Cooperatives 2023
plan-lead = Lead: { $agency }
plan-lead-unknown = Lead: not known
plan-with = with { $agencies }
plan-due = due { $day }
plan-due-unknown = due date not known
plan-agency-until = until { $day }
plan-agency-from = from { $day }
calendar-due = Due
calendar-who = Who files
calendar-what = What
calendar-to = To whom
calendar-source = Source
calendar-unverified = not verified

error-no-page = There is no such page.
error-no-page-help = The address may be mistyped, or the page is not part of this version.
error-not-found-help = No name comes near it. Choose from the list of targets or start from the overview.
error-nearest = Did you mean:
error-no-file = There is no file “{ $name }” among the open data.
error-no-picture = There is no picture “{ $name }” on the public side.
error-no-indicator = There is no target or indicator “{ $id }”.
error-no-unit = There is no unit “{ $code }” in the territory of the plan.
error-date = The date cannot be read.
error-date-form = “{ $text }” is not a date. Write year-month-day, for example 2025-12-31.
error-date-month = “{ $text }” is not a date: there is no month { $month }. Write year-month-day, for example 2025-12-31.
error-date-day = “{ $text }” is not a date: month { $month } of { $year } has { $last } days.
error-year = There are no figures for this year.
error-year-help = “{ $text }” is not one of the years computed, { $first } to { $last }.
error-no-plan = No plan has been adopted yet.
error-no-plan-help = An administrator adopts a plan pack; then this page shows its targets.
error-way-overview = To the overview
error-way-day = Show figures as of { $day }
