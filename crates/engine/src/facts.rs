//! Facts: one row per organisation and year, in typed columns, sorted so that the rows of a unit in a year are one run.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use hoptac_model::date::{year_end, year_start};
use hoptac_model::fact::{Catalogue, ColumnType};
use hoptac_model::member::{MemberClass, MemberKind, Tally};
use hoptac_model::organisation::{Kind, Organisation, Sector, Status};
use hoptac_model::pack::PracticeRule;
use hoptac_model::register::{
    Adoption, AnnualReturn, Certificate, GradeDecision, Link, Membership, PartnerKind, Practice,
    Promotion, Register, RollCount, RollSpan, SeatDecision, State,
};
use hoptac_model::support::Application;
use hoptac_model::unit::Places;
use hoptac_model::whole::Wholes;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::bits::Bits;
use crate::geography::{Geography, Placement};
use crate::vector::{Flags, Numbers, Texts, Vector as _};

/// A year and the day whose state stands for it: its last, or the asked day if that is earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) on: Date,
    pub(crate) year: i16,
}

impl Moment {
    /// The moment that stands for a year when `as_of` is asked.
    pub(crate) fn of_year(year: i16, as_of: Date) -> Self {
        Self { on: year_end(year).min(as_of), year }
    }

    /// The moment of a day within its year.
    pub(crate) fn of_day(day: Date) -> Self {
        Self { on: day, year: day.year() }
    }
}

/// A value of one row and column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Datum<'a> {
    Missing,
    Flag(bool),
    Number(f64),
    Text(&'a str),
    Id(u32),
}

impl<'a> Datum<'a> {
    pub(crate) fn number(self) -> Option<f64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    pub(crate) fn flag(self) -> Option<bool> {
        if let Self::Flag(flag) = self { Some(flag) } else { None }
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// The values of one column.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    Flag(Flags),
    /// Whole numbers: counts and đồng.
    Number {
        values: Wholes,
        known: Bits,
    },
    Category(Texts),
    /// Identities as small numbers; [`Column::NO_ID`] where there is none.
    Id(Vec<u32>),
    /// Several identities in a row, and which rows have any to tell.
    Ids {
        sets: Sets,
        known: Bits,
    },
    /// No formula names it.
    Unused,
}

impl Column {
    /// Stands where there is no identity.
    pub(crate) const NO_ID: u32 = u32::MAX;
}

/// Several identities of each organisation, each with the moments at which it is one of them. They are kept once for all
/// moments: a member of ten years is one entry and not ten.
#[derive(Clone, Debug)]
pub(crate) struct Sets {
    /// Where those of each organisation begin; one more at the end.
    starts: Vec<u32>,
    ids: Vec<u32>,
    /// The ranks of the first moment at which each holds and of the first after it at which it no longer does.
    spans: Vec<(u16, u16)>,
    /// The rank of each moment by its day.
    ranks: Vec<u16>,
    /// One more than the greatest identity.
    pub(crate) identities: usize,
}

impl Sets {
    /// From identities by organisation, each with the days at which it holds: from one on, until before another.
    ///
    /// They are numbered anew in the order in which they first come. Those of an organisation then lie side by side in
    /// whatever is kept by identity, and a walk over organisations finds half of what it looks for where it just was.
    fn new(
        moments: &[Moment],
        organisations: impl Iterator<Item = impl Iterator<Item = (u32, Date, Option<Date>)>>,
    ) -> Self {
        let mut days: Vec<Date> = moments.iter().map(|moment| moment.on).collect();
        days.sort_unstable();
        days.dedup();
        // How many days lie before each year, from the first one's on: what is left to look at is one year's.
        let first = days.first().map_or(0, |day| day.year());
        let last = days.last().map_or(first, |day| day.year());
        let before: Vec<usize> =
            (first..=last).map(|year| days.partition_point(|known| known.year() < year)).collect();
        let rank = |day: Date| {
            let since = usize::try_from(i32::from(day.year()) - i32::from(first));
            let start = since.map_or(0, |at| before.get(at).copied().unwrap_or(days.len()));
            let within = days.iter().skip(start).take_while(|known| **known < day).count();
            u16::try_from(start + within).unwrap_or(u16::MAX)
        };
        let mut sets = Self {
            starts: vec![0],
            ids: Vec::new(),
            spans: Vec::new(),
            ranks: moments.iter().map(|moment| rank(moment.on)).collect(),
            identities: 0,
        };
        let mut numbers: Vec<u32> = Vec::new();
        let mut next = 0_u32;
        for organisation in organisations {
            for (id, from, until) in organisation {
                let span = (rank(from), until.map_or(u16::MAX, rank));
                if span.0 >= span.1 {
                    continue;
                }
                if wide(id) >= numbers.len() {
                    numbers.resize((wide(id) + 1).max(numbers.len() * 2), u32::MAX);
                }
                if let Some(number) = numbers.get_mut(wide(id)) {
                    if *number == u32::MAX {
                        *number = next;
                        next += 1;
                    }
                    sets.ids.push(*number);
                    sets.spans.push(span);
                }
            }
            sets.starts.push(u32::try_from(sets.ids.len()).unwrap_or(u32::MAX));
        }
        sets.identities = wide(next);
        sets
    }

    /// The identities of an organisation at a moment; one of them may come twice.
    pub(crate) fn of(&self, organisation: u32, moment: usize) -> impl Iterator<Item = u32> {
        let at = |index: usize| self.starts.get(index).map_or(0, |start| wide(*start));
        let range = at(wide(organisation))..at(wide(organisation) + 1);
        let rank = self.ranks.get(moment).copied().unwrap_or(u16::MAX);
        let ids = self.ids.get(range.clone()).unwrap_or_default();
        let spans = self.spans.get(range).unwrap_or_default();
        let both = ids.iter().zip(spans);
        both.filter(move |(_, (from, until))| *from <= rank && rank < *until).map(|(id, _)| *id)
    }
}

/// A place in a list. Lists of more than four billion entries do not come up.
pub(crate) fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX - 1)
}

/// The words of categories and of formulas, each with a code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionary {
    words: Vec<String>,
    codes: BTreeMap<String, u16>,
}

impl Dictionary {
    /// The code of a word, which is added where it is new.
    pub(crate) fn code(&mut self, word: &str) -> u16 {
        if let Some(code) = self.codes.get(word) {
            return *code;
        }
        // Categories and the texts of a pack's formulas are a few dozen words; past the end all others are one word.
        let code =
            u16::try_from(self.words.len()).unwrap_or(Texts::MISSING - 1).min(Texts::MISSING - 1);
        self.words.push(word.to_owned());
        self.codes.insert(word.to_owned(), code);
        code
    }

    fn word(&self, code: u16) -> Option<&str> {
        self.words.get(usize::from(code)).map(String::as_str)
    }
}

/// All rows and columns.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The years asked and the days of baselines.
    pub(crate) moments: Vec<Moment>,
    pub(crate) dictionary: Dictionary,
    /// The organisation of each row.
    organisations: Vec<u32>,
    columns: Vec<Column>,
    /// The first row of each moment and unit, units within moments; one more at the end.
    starts: Vec<u32>,
    units: usize,
    /// Organisations that could not be placed in a commune at one of the moments.
    unplaced: Vec<u32>,
}

impl Facts {
    /// Facts at some moments, on a geography, as filed by `as_of`. Only the columns in `wanted` are filled.
    #[expect(clippy::too_many_arguments, reason = "they are what facts are made of")]
    pub(crate) fn new(
        register: &Register,
        places: &Places,
        geography: &Geography,
        catalogue: &Catalogue,
        practices: &[PracticeRule],
        wanted: &[bool],
        moments: &[Moment],
        as_of: Date,
    ) -> Self {
        let sources = Sources::new(register, practices, as_of);
        let (rows, unplaced) = sources.rows(places, geography, moments);
        let slots = moments.len() * geography.len();
        let (rows, starts) = in_slots(&rows, slots, |row| row.slot(geography));
        let none = u32::MAX;
        let returns: Vec<u32> =
            rows.iter().map(|row| row.returned.map_or(none, |filed| filed.row)).collect();
        let mut dictionary = Dictionary::default();
        let columns = catalogue.columns().iter().enumerate().map(|(index, column)| {
            if !wanted.get(index).copied().unwrap_or(false) {
                return Column::Unused;
            }
            if column.from_return {
                returned(&returns, register, &column.name, column.column_type)
            } else {
                registered(&rows, &sources, moments, &column.name, &mut dictionary)
            }
        });
        let columns = columns.collect();
        Self {
            moments: moments.to_vec(),
            organisations: rows.iter().map(|row| row.index).collect(),
            columns,
            starts,
            units: geography.len(),
            unplaced,
            dictionary,
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.organisations.len()
    }

    /// The rows of some units that stand one behind the other, at a moment.
    pub(crate) fn run(&self, moment: usize, units: Range<usize>) -> Range<usize> {
        let start = |unit: usize| {
            let at = self.starts.get(moment * self.units + unit);
            at.map_or(0, |at| usize::try_from(*at).unwrap_or(0))
        };
        start(units.start)..start(units.end)
    }

    /// The organisation of a row.
    pub(crate) fn organisation(&self, row: usize) -> Option<u32> {
        self.organisations.get(row).copied()
    }

    /// Organisations that could not be placed in a commune at one of the moments, in order.
    pub(crate) fn unplaced(&self) -> &[u32] {
        &self.unplaced
    }

    /// A column of the catalogue.
    pub(crate) fn column(&self, column: usize) -> &Column {
        self.columns.get(column).unwrap_or(&Column::Unused)
    }

    /// The numbers of a column; none known where it has none.
    pub(crate) fn numbers(&self, column: usize) -> Numbers {
        if let Column::Number { values, known } = self.column(column) {
            Numbers { values: values.to_numbers(), known: known.clone() }
        } else {
            Numbers::missing(self.len())
        }
    }

    /// One value.
    pub(crate) fn datum(&self, column: usize, row: usize) -> Datum<'_> {
        let found = match self.column(column) {
            Column::Flag(flags) if flags.yes.has(row) => Some(Datum::Flag(true)),
            Column::Flag(flags) => flags.no.has(row).then_some(Datum::Flag(false)),
            Column::Number { values, .. } => {
                values.get(row).map(|value| Datum::Number(as_number(value)))
            }
            Column::Category(texts) => {
                texts.codes.get(row).and_then(|code| self.dictionary.word(*code)).map(Datum::Text)
            }
            Column::Id(ids) => {
                ids.get(row).filter(|id| **id != Column::NO_ID).map(|id| Datum::Id(*id))
            }
            // Whom exactly is nobody's to see; that there are some is.
            Column::Ids { known, .. } => known.has(row).then_some(Datum::Id(0)),
            Column::Unused => None,
        };
        found.unwrap_or(Datum::Missing)
    }
}

/// Whole numbers are counts and đồng, exact as floating point up to nine million billions.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn as_number(value: i64) -> f64 {
    value as f64
}

/// Things sorted by their slot, those of a slot in the order in which they came, and where each slot begins; one more at
/// the end.
fn in_slots<T: Copy>(things: &[T], slots: usize, slot: impl Fn(&T) -> usize) -> (Vec<T>, Vec<u32>) {
    let mut starts = vec![0_u32; slots + 1];
    for thing in things {
        if let Some(start) = starts.get_mut(slot(thing) + 1) {
            *start += 1;
        }
    }
    let mut total = 0;
    for start in &mut starts {
        total += *start;
        *start = total;
    }
    let mut next = starts.clone();
    let mut sorted = things.to_vec();
    for thing in things {
        let Some(next) = next.get_mut(slot(thing)) else { continue };
        if let Some(place) = sorted.get_mut(wide(*next)) {
            *place = *thing;
        }
        *next += 1;
    }
    (sorted, starts)
}

/// Records of one kind, grouped by their organisation, each group in the register's order. They are grouped when somebody
/// first asks for them: most formulas never ask who is on a roll, and eight million rolls are a long walk.
struct Grouped<'a, T> {
    records: &'a [T],
    organisations: usize,
    of: fn(&T) -> u32,
    groups: OnceCell<Groups>,
}

/// Where the records of each organisation stand.
struct Groups {
    /// The records in the order of their groups; none where they stand in this order already.
    order: Option<Vec<u32>>,
    /// Where each group begins; one more at the end.
    starts: Vec<u32>,
}

impl<'a, T> Grouped<'a, T> {
    /// Records that will be grouped; those of an organisation that does not exist are left out.
    fn new(records: &'a [T], organisations: usize, of: fn(&T) -> u32) -> Self {
        Self { records, organisations, of, groups: OnceCell::new() }
    }

    fn groups(&self) -> Groups {
        let mut starts = vec![0_u32; self.organisations + 1];
        let index =
            |record: &T| Some(wide((self.of)(record))).filter(|at| *at < self.organisations);
        for record in self.records {
            if let Some(start) = index(record).and_then(|at| starts.get_mut(at + 1)) {
                *start += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        // A register read from its tables is grouped already, and all of it belongs to somebody.
        if wide(total) == self.records.len() && self.records.is_sorted_by_key(self.of) {
            return Groups { order: None, starts };
        }
        let mut next = starts.clone();
        let mut order = vec![0_u32; wide(total)];
        for (at, record) in (0_u32..).zip(self.records) {
            let Some(slot) = index(record).and_then(|organisation| next.get_mut(organisation))
            else {
                continue;
            };
            if let Some(place) = order.get_mut(wide(*slot)) {
                *place = at;
            }
            *slot += 1;
        }
        Groups { order: Some(order), starts }
    }

    /// The records of an organisation.
    fn of(&self, organisation: u32) -> impl Iterator<Item = &'a T> + Clone + use<'a, '_, T> {
        let Groups { order, starts } = self.groups.get_or_init(|| self.groups());
        let at = |index: usize| starts.get(index).map_or(0, |start| wide(*start));
        let index = wide(organisation);
        let range = at(index)..at(index + 1);
        let records = self.records;
        let (here, order) = match order {
            None => (records.get(range).unwrap_or_default(), &[][..]),
            Some(order) => (&[][..], order.get(range).unwrap_or_default()),
        };
        here.iter().chain(order.iter().filter_map(move |at| records.get(wide(*at))))
    }
}

/// The register, grouped by organisation.
struct Sources<'a> {
    organisations: &'a [Organisation],
    as_of: Date,
    practices: &'a [PracticeRule],
    supports: Grouped<'a, (u32, Application)>,
    states: Grouped<'a, State>,
    returns: Grouped<'a, AnnualReturn>,
    grades: Grouped<'a, GradeDecision>,
    links: Grouped<'a, Link>,
    certificates: Grouped<'a, Certificate>,
    adoptions: Grouped<'a, Adoption>,
    promotions: Grouped<'a, Promotion>,
    memberships: Grouped<'a, Membership>,
    seat_decisions: Grouped<'a, SeatDecision>,
    roll_spans: Grouped<'a, RollSpan>,
    roll_counts: Grouped<'a, RollCount>,
}

impl<'a> Sources<'a> {
    fn new(register: &'a Register, practices: &'a [PracticeRule], as_of: Date) -> Self {
        let count = register.organisations.len();
        Self {
            organisations: &register.organisations,
            as_of,
            practices,
            supports: Grouped::new(&register.supports, count, |(organisation, _)| *organisation),
            states: Grouped::new(&register.states, count, |state| state.organisation),
            returns: Grouped::new(&register.returns, count, |filed| filed.organisation),
            grades: Grouped::new(&register.grades, count, |grade| grade.organisation),
            links: Grouped::new(&register.links, count, |link| link.organisation),
            certificates: Grouped::new(&register.certificates, count, |held| held.organisation),
            adoptions: Grouped::new(&register.adoptions, count, |adoption| adoption.organisation),
            promotions: Grouped::new(&register.promotions, count, |event| event.organisation),
            memberships: Grouped::new(&register.memberships, count, |member| member.organisation),
            seat_decisions: Grouped::new(&register.seat_decisions, count, |decided| {
                decided.organisation
            }),
            roll_spans: Grouped::new(&register.roll_spans, count, |span| span.organisation),
            roll_counts: Grouped::new(&register.roll_counts, count, |change| change.organisation),
        }
    }

    /// One row for each organisation and moment from its founding on, and who could not be placed. An organisation that
    /// has ceased keeps its rows, so that it can be asked who ceased.
    fn rows(
        &self,
        places: &Places,
        geography: &Geography,
        moments: &[Moment],
    ) -> (Vec<Seen<'a, '_>>, Vec<u32>) {
        let mut rows = Vec::with_capacity(self.organisations.len() * moments.len());
        let mut unplaced = Vec::new();
        let mut placements = HashMap::new();
        for (index, organisation) in (0_u32..).zip(self.organisations) {
            let decided: Vec<&SeatDecision> = self.seat_decisions.of(index).collect();
            // Most organisations are the same from one moment to the next.
            let mut before: Option<(&State, Placement)> = None;
            for (moment_index, moment) in (0_u16..).zip(moments) {
                if organisation.founded_on > moment.on {
                    continue;
                }
                let held = self.states.of(index).filter(|state| state.from <= moment.on);
                let Some(state) = held.max_by_key(|state| (state.from, state.position)) else {
                    continue;
                };
                let (seat, former) = (&state.seat, state.seat_former.as_ref());
                let placement = match before {
                    Some((same, placement)) if std::ptr::eq(same, state) => placement,
                    _ if decided.is_empty() => *placements
                        .entry((seat, former))
                        .or_insert_with(|| geography.place(places, seat, former, &[])),
                    _ => geography.place(places, seat, former, &decided),
                };
                before = Some((state, placement));
                let (unit, placed) = match placement {
                    Placement::In(unit) => (unit, true),
                    Placement::Below(unit) => {
                        unplaced.push(index);
                        (unit, false)
                    }
                    Placement::Outside => continue,
                };
                rows.push(Seen {
                    sources: self,
                    index,
                    founded_on: organisation.founded_on,
                    moment: *moment,
                    moment_index,
                    unit: u32::try_from(unit).unwrap_or(u32::MAX),
                    placed,
                    state,
                    kind: state.kind,
                    status: state.status,
                    sector: state.sector,
                    recent: state.from >= year_start(moment.year),
                    returned: self.returned(index, moment.year),
                });
            }
        }
        unplaced.dedup();
        (rows, unplaced)
    }

    /// Who is on the rolls.
    fn roll_persons(&self, moments: &[Moment]) -> Sets {
        let organisations = (0_u32..).zip(self.organisations);
        Sets::new(
            moments,
            organisations.map(|(index, _)| {
                let spans = self.roll_spans.of(index);
                spans.map(|span| (span.person, span.from, span.until))
            }),
        )
    }

    /// Whom there are linkage contracts with.
    fn link_partners(&self, moments: &[Moment]) -> Sets {
        let mut known: HashMap<&str, u32> = HashMap::new();
        for link in self.links.records {
            let next = u32::try_from(known.len()).unwrap_or(Column::NO_ID);
            known.entry(&link.partner).or_insert(next);
        }
        let known = &known;
        let organisations = (0_u32..).zip(self.organisations);
        Sets::new(
            moments,
            organisations.map(|(index, _)| {
                self.links.of(index).filter_map(|link| {
                    // A contract holds on its last day too.
                    let until = link.to.map(|to| to.tomorrow().unwrap_or(Date::MAX));
                    Some((*known.get(&*link.partner)?, link.from, until))
                })
            }),
        )
    }

    /// The return of a year that was accepted last, among those filed by the asked day.
    fn returned(&self, organisation: u32, year: i16) -> Option<&'a AnnualReturn> {
        self.returns
            .of(organisation)
            .filter(|filed| filed.year == year && filed.on <= self.as_of)
            .max_by_key(|filed| filed.on)
    }
}

/// An organisation at a moment. Its methods are the definitions of the register's columns.
#[derive(Clone, Copy)]
struct Seen<'a, 's> {
    sources: &'s Sources<'a>,
    index: u32,
    founded_on: Date,
    moment: Moment,
    moment_index: u16,
    /// The unit whose rows it stands among.
    unit: u32,
    /// Whether that is where its seat lies, and not only somewhere below.
    placed: bool,
    state: &'a State,
    // What nearly every formula asks of the state stands in the row itself: the states lie anywhere in memory.
    kind: Kind,
    status: Status,
    sector: Sector,
    /// Whether the state is of this period; else nothing turned within it.
    recent: bool,
    returned: Option<&'a AnnualReturn>,
}

impl<'a> Seen<'a, '_> {
    /// The place of its moment and unit among all, units within moments.
    fn slot(&self, geography: &Geography) -> usize {
        usize::from(self.moment_index) * geography.len() + wide(self.unit)
    }

    /// Its states up to the day, oldest first.
    fn states(&self) -> impl Iterator<Item = &'a State> + Clone + use<'a, '_> {
        let on = self.moment.on;
        self.sources.states.of(self.index).filter(move |state| state.from <= on)
    }

    fn in_period(&self, day: Date) -> bool {
        year_start(self.moment.year) <= day && day <= self.moment.on
    }

    fn in_force(&self, from: Date, to: Option<Date>) -> bool {
        from <= self.moment.on && to.is_none_or(|to| self.moment.on <= to)
    }

    fn registered(&self) -> bool {
        self.status != Status::Terminated
    }

    fn founded(&self) -> bool {
        self.in_period(self.founded_on)
    }

    /// Whether two states one behind the other differ so within the period.
    fn turned(&self, differ: impl Fn(&State, &State) -> bool) -> bool {
        self.recent
            && self
                .states()
                .zip(self.states().skip(1))
                .any(|(before, after)| self.in_period(after.from) && differ(before, after))
    }

    fn ceased(&self) -> bool {
        self.turned(|before, after| {
            before.status != Status::Terminated && after.status == Status::Terminated
        })
    }

    fn converted(&self) -> bool {
        self.turned(|before, after| before.kind != after.kind)
    }

    /// Whole years since founding.
    fn age(&self) -> i64 {
        let (from, to) = (self.founded_on, self.moment.on);
        let years = i64::from(to.year()) - i64::from(from.year());
        let before_the_day = (to.month(), to.day()) < (from.month(), from.day());
        years - i64::from(before_the_day)
    }

    fn members(&self) -> Option<i64> {
        self.states().filter_map(|state| state.members).last()
    }

    fn members_joined(&self) -> Option<i64> {
        let first = self.states().next().filter(|_| self.founded())?;
        first.members
    }

    /// Those on its roll on the day; none where it has no roll by then.
    fn roll(&self) -> Option<impl Iterator<Item = &'a RollSpan> + Clone + use<'a, '_>> {
        let on = self.moment.on;
        let begun = self.sources.roll_counts.of(self.index).any(|count| count.on <= on);
        let spans = self.sources.roll_spans.of(self.index);
        begun.then(|| {
            spans.filter(move |span| span.from <= on && span.until.is_none_or(|until| on < until))
        })
    }

    fn roll_count(&self, counts: impl Fn(&RollSpan) -> bool) -> Option<i64> {
        i64::try_from(self.roll()?.filter(|span| counts(span)).count()).ok()
    }

    /// A count of marks on its roll, where the marks were stated of all of the kinds that have them.
    fn roll_marks(
        &self,
        count: impl Fn(&Tally) -> i64,
        stated: impl Fn(&Tally) -> i64,
        has: impl Fn(MemberKind) -> bool,
    ) -> Option<i64> {
        let of_all = self.roll_count(|span| has(span.kind))?;
        let mut sum = Tally::default();
        let on = self.moment.on;
        for change in self.sources.roll_counts.of(self.index).filter(|change| change.on <= on) {
            sum += &change.tally;
        }
        (stated(&sum) >= of_all).then(|| count(&sum))
    }

    fn capital(&self) -> Option<i64> {
        self.states().filter_map(|state| state.capital).last()
    }

    fn decided(&self) -> impl Iterator<Item = &'a GradeDecision> {
        let on = self.moment.on;
        self.sources.grades.of(self.index).filter(move |grade| grade.on <= on)
    }

    fn grade(&self) -> Option<&'a GradeDecision> {
        self.decided().max_by_key(|grade| (grade.on, grade.year))
    }

    fn graded(&self) -> bool {
        let year = self.moment.year;
        self.decided().any(|grade| grade.year == year || grade.year == year - 1)
    }

    fn gradable(&self) -> bool {
        let since = self.founded_on.checked_add(12.months());
        self.registered()
            && self.kind != Kind::Group
            && since.is_ok_and(|since| since <= self.moment.on)
    }

    fn links(&self) -> impl Iterator<Item = &'a Link> {
        self.sources.links.of(self.index).filter(|link| self.in_force(link.from, link.to))
    }

    fn partners(&self) -> Vec<&'a str> {
        let mut partners: Vec<&str> = self.links().map(|link| &*link.partner).collect();
        partners.sort_unstable();
        partners.dedup();
        partners
    }

    /// The partner of the largest contract. Where no contract has a value, only a single partner is the largest.
    fn main_partner(&self) -> Option<&'a str> {
        let valued = self.links().filter_map(|link| Some((link.value?, &*link.partner)));
        // Of equal contracts the first partner by name is taken, so that the same ledger gives the same board.
        let largest = valued.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
        largest.map(|(_, partner)| partner).or_else(|| {
            let partners = self.partners();
            partners.first().copied().filter(|_| partners.len() == 1)
        })
    }

    fn certificates(&self) -> impl Iterator<Item = &'a Certificate> {
        self.sources.certificates.of(self.index).filter(|held| held.holds_on(self.moment.on))
    }

    fn ocop_products(&self) -> usize {
        let held = self.certificates().filter(|held| held.kind.eq_ignore_ascii_case("ocop"));
        let mut products: Vec<&str> = held.map(|held| &*held.product).collect();
        products.sort_unstable();
        products.dedup();
        products.len()
    }

    fn practises(&self, practice: Practice) -> bool {
        let on = self.moment.on;
        let confirmed: Vec<&Adoption> = self
            .sources
            .adoptions
            .of(self.index)
            .filter(|done| done.practice == practice)
            .collect();
        if confirmed.is_empty() {
            return false;
        }
        // Where the plan has no rule of its own, whatever an agency confirmed counts.
        match self.sources.practices.iter().find(|rule| rule.practice == practice) {
            Some(rule) => rule.counts(&confirmed, on),
            None => confirmed.iter().any(|done| done.holds_on(on)),
        }
    }

    /// What was paid in support within the period, less what was paid back.
    fn support_paid(&self) -> i64 {
        let payments = self.sources.supports.of(self.index).flat_map(|(_, one)| &one.payments);
        payments.filter(|paid| self.in_period(paid.on)).map(|paid| paid.amount).sum()
    }

    fn promotions_since(&self, year: i16) -> usize {
        let on = self.moment.on;
        let events = self.sources.promotions.of(self.index);
        events.filter(|event| event.on.year() >= year && event.on <= on).count()
    }

    fn union_member(&self) -> bool {
        self.sources.memberships.of(self.index).any(|member| self.in_force(member.from, member.to))
    }
}

/// Fills a column of the register. A name that the catalogue has and this table has not is missing everywhere; a test
/// sees to it that there is none.
fn registered(
    rows: &[Seen<'_, '_>],
    sources: &Sources<'_>,
    moments: &[Moment],
    name: &str,
    dictionary: &mut Dictionary,
) -> Column {
    match name {
        "organisation" => ids(rows, |row| Some(row.index)),
        "kind" => texts(rows, dictionary, |row| Some(row.kind.code())),
        "commune" => ids(rows, |row| row.placed.then_some(row.unit)),
        "year" => numbers(rows, |row| Some(i64::from(row.moment.year))),
        "age" => numbers(rows, |row| Some(row.age())),
        "registered" => sure(rows, Seen::registered),
        "operating" => sure(rows, |row| row.status == Status::Operating),
        "suspended" => sure(rows, |row| row.status == Status::Suspended),
        "founded" => sure(rows, Seen::founded),
        "ceased" => sure(rows, Seen::ceased),
        "converted" => sure(rows, Seen::converted),
        "sector" => texts(rows, dictionary, |row| Some(row.sector.code())),
        "vsic" => letters(rows, dictionary),
        "difficult_area" => sure(rows, |row| row.state.difficult_area),
        "capital" => numbers(rows, Seen::capital),
        "members" => numbers(rows, Seen::members),
        "roll_members" => numbers(rows, |row| row.roll_count(|_| true)),
        "roll_official" => {
            numbers(rows, |row| row.roll_count(|span| span.class == MemberClass::Official))
        }
        "roll_capital" => numbers(rows, |row| Some(row.roll()?.map(|span| span.capital).sum())),
        "roll_persons" => Column::Ids {
            sets: sources.roll_persons(moments),
            known: Bits::from_slice(rows, |row| row.roll().is_some()),
        },
        "roll_women" => numbers(rows, |row| {
            row.roll_marks(|t| t.women, |t| t.women + t.men, |kind| kind == MemberKind::Person)
        }),
        "roll_minority" => numbers(rows, |row| {
            let stated = |t: &Tally| t.minority + t.majority;
            row.roll_marks(|t| t.minority, stated, |kind| kind != MemberKind::Organisation)
        }),
        "roll_hardship" => numbers(rows, |row| {
            let poor = |t: &Tally| t.poor + t.near_poor;
            let stated = |t: &Tally| t.poor + t.near_poor + t.not_poor;
            row.roll_marks(poor, stated, |kind| kind != MemberKind::Organisation)
        }),
        "roll_disabled" => numbers(rows, |row| {
            let stated = |t: &Tally| t.disabled + t.not_disabled;
            row.roll_marks(|t| t.disabled, stated, |kind| kind == MemberKind::Person)
        }),
        "members_joined" => numbers(rows, Seen::members_joined),
        "grade" => texts(rows, dictionary, |row| row.grade().map(|decided| decided.grade.code())),
        "grade_year" => numbers(rows, |row| row.grade().map(|decided| i64::from(decided.year))),
        "graded" => sure(rows, Seen::graded),
        "gradable" => sure(rows, Seen::gradable),
        "linked" => sure(rows, |row| row.links().next().is_some()),
        "linked_enterprise" => {
            sure(rows, |row| row.links().any(|link| link.partner_kind == PartnerKind::Enterprise))
        }
        "partners" => counts(rows, |row| row.partners().len()),
        "link_partners" => Column::Ids {
            sets: sources.link_partners(moments),
            known: Bits::from_slice(rows, |row| row.links().next().is_some()),
        },
        "main_partner" => named_ids(rows, Seen::main_partner),
        "certificates" => counts(rows, |row| row.certificates().count()),
        "ocop_products" => counts(rows, Seen::ocop_products),
        "high_technology" => sure(rows, |row| row.practises(Practice::HighTechnology)),
        "digital" => sure(rows, |row| row.practises(Practice::Digital)),
        "exporting" => sure(rows, |row| row.practises(Practice::DirectExport)),
        "trade_promotion" => counts(rows, |row| row.promotions_since(row.moment.year)),
        "trade_promotion_ever" => sure(rows, |row| row.promotions_since(row.moment.year - 2) > 0),
        "union_member" => sure(rows, Seen::union_member),
        "supported" => sure(rows, |row| row.support_paid() > 0),
        "support_paid" => numbers(rows, |row| Some(row.support_paid())),
        "return_filed" => sure(rows, |row| row.returned.is_some()),
        // Whether a return that is not there is late, nobody can say before it comes.
        "return_late" => flags(rows, |row| row.returned.map(|filed| filed.late)),
        _ => Column::Unused,
    }
}

/// Fills a column of the yearly return. `returns` says for each row where its return stands, if it has one.
fn returned(returns: &[u32], register: &Register, name: &str, column_type: ColumnType) -> Column {
    let Some(filled) = register.return_columns.iter().find(|column| column.name == name) else {
        return Column::Unused;
    };
    let values = filled.values.gather(returns);
    let known = Bits::known(&values);
    if column_type == ColumnType::Flag {
        let no = match &values {
            Wholes::Tiny(values) => Bits::from_slice(values, |value| *value == 0),
            Wholes::Small(values) => Bits::from_slice(values, |value| *value == 0),
            Wholes::Wide(values) => Bits::from_slice(values, |value| *value == 0),
        };
        Column::Flag(Flags { yes: known.without(&no), no })
    } else {
        Column::Number { values, known }
    }
}

/// A flag that is never missing.
fn sure<'a, 's>(rows: &[Seen<'a, 's>], holds: impl Fn(&Seen<'a, 's>) -> bool) -> Column {
    let yes = Bits::from_slice(rows, holds);
    Column::Flag(Flags { no: yes.not(), yes })
}

fn flags<'a, 's>(rows: &[Seen<'a, 's>], value: impl Fn(&Seen<'a, 's>) -> Option<bool>) -> Column {
    Column::Flag(Flags::from_slice(rows, value))
}

fn numbers<'a, 's>(rows: &[Seen<'a, 's>], value: impl Fn(&Seen<'a, 's>) -> Option<i64>) -> Column {
    let mut values = Wholes::with_capacity(rows.len());
    let known = Bits::from_slice(rows, |row| {
        let value = value(row);
        values.push(value);
        value.is_some()
    });
    Column::Number { values, known }
}

fn counts<'a, 's>(rows: &[Seen<'a, 's>], value: impl Fn(&Seen<'a, 's>) -> usize) -> Column {
    numbers(rows, |row| i64::try_from(value(row)).ok())
}

fn texts<'a, 's>(
    rows: &[Seen<'a, 's>],
    dictionary: &mut Dictionary,
    value: impl Fn(&Seen<'a, 's>) -> Option<&'static str>,
) -> Column {
    let mut code = |row| value(row).map_or(Texts::MISSING, |word| dictionary.code(word));
    Column::Category(Texts { codes: rows.iter().map(&mut code).collect() })
}

/// VSIC letters.
fn letters(rows: &[Seen<'_, '_>], dictionary: &mut Dictionary) -> Column {
    let mut buffer = [0; 4];
    let codes = rows.iter().map(|row| dictionary.code(row.state.vsic.encode_utf8(&mut buffer)));
    Column::Category(Texts { codes: codes.collect() })
}

fn ids<'a, 's>(rows: &[Seen<'a, 's>], value: impl Fn(&Seen<'a, 's>) -> Option<u32>) -> Column {
    Column::Id(rows.iter().map(|row| value(row).unwrap_or(Column::NO_ID)).collect())
}

/// Identities that are words in the register.
fn named_ids<'a, 's>(
    rows: &[Seen<'a, 's>],
    value: impl Fn(&Seen<'a, 's>) -> Option<&'a str>,
) -> Column {
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    let mut id = |row| {
        let Some(name) = value(row) else { return Column::NO_ID };
        let next = u32::try_from(known.len()).unwrap_or(Column::NO_ID);
        *known.entry(name).or_insert(next)
    };
    Column::Id(rows.iter().map(&mut id).collect())
}
