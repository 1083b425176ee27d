# Numbers of the plan given out to units
cascade-heading = Parts of targets
cascade-under = Share a number of the whole territory out over its units, in whole numbers whose sums are what the plan asks.
cascade-targets = Targets that can be given out
cascade-by = In force
cascade-what-to-do = What can be done
cascade-not-yet = Not given out
cascade-propose = Make a proposal
cascade-decision = { $number } of { $day }
cascade-of = Parts of: { $label }
cascade-weight = Weight of { $measure }
cascade-aim = Lay the sum at
cascade-sum-at = Or at the number
cascade-floor-each = Each unit at least
cascade-ceiling-each = Each unit at most
cascade-reach = Must be enough for
cascade-reach-none = Not asked
cascade-keep = Keep what former units were given
cascade-keep-none = Not kept
cascade-places = Units of the day
cascade-bounds-help = In the fields of floors, ceilings and fixed parts: 2 is each year; 2027=3 is 2027 alone; sum=9 is all years together. Several have semicolons between. Arrows up and down go to another unit.
cascade-unread = “{ $piece }” cannot be read. Write 2, 2027=3 or sum=9.
cascade-agrees-range = { $units } units; the plan asks { $least } to { $most } a year, and the parts of every year sum to that.
cascade-agrees = { $units } units; the plan asks at least { $least }, and the parts sum to that.
cascade-again = Compute again
cascade-unit = Unit
cascade-share = Share
cascade-sum = Sum
cascade-floor = Floor
cascade-ceiling = Ceiling
cascade-fixed = Fixed
cascade-adopt-heading = Give these parts out
cascade-reason = Reason
cascade-number = Number of the document
cascade-day = Day of the document
cascade-issuer = Who issued it
cascade-from = In force from
cascade-adopt = Give them out
cascade-nothing = There is no proposal to give out; loosen the conditions first.
cascade-moved = Figures or conditions have changed since this page was opened. Look the proposal over, then give it out.
cascade-consequence = Then { $units } units have a part of their own on the scoreboard; together { $given } for the first term, where the last three years had { $pace } a year.
cascade-replaces = What was given by { $decision } ends that day; the earlier filing stays readable.
cascade-given = { $label }: { $met } of { $units } units have reached their part
cascade-since = in force from { $day }
cascade-because = Reason: { $reason }.
cascade-part-of = Part { $year }
cascade-to-come = Still to come

# Who must act, the page of leaders
act-name = Who must act
act-heading = { $count } targets are behind or off track: who must act
act-agencies = Agencies in the lead
act-missing = { $value } today, { $goal } asked, { $missing } missing; chance { $chance }
act-pace = { $needed } a year are needed from now on
act-of-late = the last three years had { $late } a year
act-times = { $times } times that
act-this-year = to be done within this year
act-units = Places:
