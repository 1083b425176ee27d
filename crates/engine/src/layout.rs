//! The layout: how the register becomes rows, and rows become columns. Here stands what each column of the register means.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hoptac_model::date::{self, year_start};
use hoptac_model::fact::{Catalogue, ColumnType};
use hoptac_model::growing::Growing;
use hoptac_model::ids::UnitId;
use hoptac_model::member::{MemberClass, MemberKind, Tally};
use hoptac_model::of_any_width;
use hoptac_model::organisation::{Grade, Kind, Sector, Status};
use hoptac_model::pack::PracticeRule;
use hoptac_model::packed;
use hoptac_model::packed::{Input, Output, Packed};
use hoptac_model::records::{Record, Records};
use hoptac_model::register::{
    Adoption, AnnualReturn, Certificate, GradeDecision, Link, Partner, PartnerKind, Practice,
    Register, SeatDecision, State,
};
use hoptac_model::roll::RollSpan;
use hoptac_model::unit::Places;
use hoptac_model::whole::{Wholes, whole};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::bits::Bits;
use crate::facts::{Column, Dictionary, Facts, Moment, wide};
use crate::geography::{Geography, Placement};
use crate::sets::Sets;
use crate::vector::{Flags, Texts};

/// What facts are made of.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) register: &'a Register,
    pub(crate) places: &'a Places,
    pub(crate) geography: &'a Geography,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) practices: &'a [PracticeRule],
    /// Which columns are to be filled.
    pub(crate) wanted: &'a [bool],
    pub(crate) moments: &'a Arc<[Moment]>,
    /// The day up to which returns count as filed.
    pub(crate) as_of: Date,
}

/// Partners of contracts, each with a number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Partners(HashMap<String, u32, FixedState>);

impl Packed for Partners {
    fn shape(shape: &mut String) {
        shape.push_str("Partners:");
        Vec::<String>::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        let mut partners: Vec<(&String, &u32)> = self.0.iter().collect();
        partners.sort_unstable_by_key(|(_, number)| **number);
        partners.len().write(out);
        for (partner, _) in partners {
            partner.write(out);
        }
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(Self(Vec::<String>::read(input)?.into_iter().zip(0..).collect()))
    }
}

impl Partners {
    /// All partners of contracts. `each` is told the number of each contract's partner.
    pub(crate) fn new(register: &Register, mut each: impl FnMut(&Link, u32)) -> Self {
        let mut partners = Self::default();
        // Most contracts hold their partner in common with others, whose number is known by where it lies.
        let mut met: HashMap<*const Partner, u32, FixedState> = HashMap::default();
        for link in &register.links {
            let lies = met.entry(Arc::as_ptr(&link.partner));
            each(link, *lies.or_insert_with(|| partners.add(&link.partner.key)));
        }
        partners
    }

    /// Numbers a partner, unless it has a number, and gives the number.
    pub(crate) fn add(&mut self, partner: &str) -> u32 {
        if let Some(number) = self.number(partner) {
            return number;
        }
        let next = u32::try_from(self.0.len()).unwrap_or(Column::NO_ID);
        self.0.insert(partner.to_owned(), next);
        next
    }

    /// Whether a partner has a number.
    pub(crate) fn has(&self, partner: &str) -> bool {
        self.0.contains_key(partner)
    }

    /// The number of a partner.
    fn number(&self, partner: &str) -> Option<u32> {
        self.0.get(partner).copied()
    }
}

/// Who has a contract in force at which moment. Every contract is looked at once and not again at each moment.
#[derive(Debug, Default)]
pub(crate) struct InForce {
    /// The number of the day of each moment.
    days: Vec<i32>,
    /// By organisation, then moment.
    bits: Bits,
}

impl InForce {
    /// So many organisations, of whose contracts nothing is known yet.
    pub(crate) fn new(moments: &[Moment], organisations: usize) -> Self {
        let bits = Bits::none(organisations * moments.len());
        Self { days: moments.iter().map(|moment| date::number(moment.on)).collect(), bits }
    }

    /// Takes in a contract of one of them.
    pub(crate) fn add(&mut self, organisation: usize, link: &Link) {
        let start = organisation * self.days.len();
        let (from, to) = (date::number(link.from), link.to.map_or(i32::MAX, date::number));
        for (at, days) in self.days.chunks(64).enumerate() {
            let hold = days.iter().map(|day| u64::from(from <= *day && *day <= to));
            let bits = hold.zip(0..).fold(0, |bits, (holds, place)| bits | holds << place);
            self.bits.put_in(start + 64 * at, bits);
        }
    }

    fn has(&self, organisation: usize, moment: u16) -> bool {
        self.bits.has(organisation * self.days.len() + usize::from(moment))
    }
}

/// The words that categories may have.
pub(crate) fn words() -> Dictionary {
    let mut dictionary = Dictionary::default();
    let kinds = Kind::ALL.iter().map(|kind| kind.code());
    let sectors = [Sector::Agricultural, Sector::NonAgricultural].map(Sector::code);
    let grades = Grade::ALL.iter().map(|grade| grade.code());
    for word in kinds.chain(sectors).chain(grades) {
        dictionary.code(word);
    }
    ('A'..='Z').for_each(|letter| add_letter(&mut dictionary, letter));
    dictionary
}

/// Adds the words of the activities that the register names.
pub(crate) fn add_words(dictionary: &mut Dictionary, register: &Register) {
    for state in &register.states {
        if !state.vsic.is_ascii_uppercase() {
            add_letter(dictionary, state.vsic);
        }
    }
}

/// Adds a VSIC letter.
pub(crate) fn add_letter(dictionary: &mut Dictionary, letter: char) {
    dictionary.code(letter.encode_utf8(&mut [0; 4]));
}

/// Columns of several identities in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Several {
    /// Who is on the roll.
    RollPersons,
    /// Whom there are linkage contracts with.
    LinkPartners,
}

packed!(Several | RollPersons | LinkPartners);

impl Several {
    /// The column of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "roll_persons" => Some(Self::RollPersons),
            "link_partners" => Some(Self::LinkPartners),
            _ => None,
        }
    }
}

/// An organisation in one state in one unit, from one moment until another. Rows are made of it where they are wanted, unit by
/// unit: all of them at once would be a hundred times as many bytes.
#[derive(Clone, Debug)]
pub(crate) struct Stretch<'a> {
    pub(crate) index: u32,
    /// The unit whose rows it stands among.
    pub(crate) unit: u32,
    pub(crate) moments: Range<u16>,
    /// Whether that is where its seat lies, and not only somewhere below.
    is_exact: bool,
    founded_on: Date,
    state: &'a State,
}

/// Where a column comes from.
enum Filler<'a> {
    Unused,
    /// A field of the yearly return.
    Returned(&'a Growing, ColumnType),
    /// What the register says, by the column's name.
    Registered(&'a str),
}

/// The register, ready to be laid out.
pub(crate) struct Layout<'a> {
    sources: Sources<'a>,
    places: &'a Places,
    geography: &'a Geography,
    moments: &'a Arc<[Moment]>,
    fillers: Vec<Filler<'a>>,
    /// Whether any column asks for returns.
    asks_returns: bool,
    /// Whether any column asks for contracts.
    asks_links: bool,
    /// Which organisations have a contract in force, where that was found out for all of them together.
    in_force: Option<InForce>,
    dictionary: Arc<Dictionary>,
    partners: Arc<Partners>,
}

impl<'a> Layout<'a> {
    /// Of a whole register.
    pub(crate) fn new(ground: &Ground<'a>) -> Self {
        let partners = Arc::new(Partners::new(ground.register, |_, _| {}));
        let mut dictionary = words();
        add_words(&mut dictionary, ground.register);
        Self::with(ground, Arc::new(dictionary), partners)
    }

    /// With words and partners that are numbered already.
    pub(crate) fn with(
        ground: &Ground<'a>,
        dictionary: Arc<Dictionary>,
        partners: Arc<Partners>,
    ) -> Self {
        let fillers: Vec<Filler<'a>> = ground
            .catalogue
            .columns()
            .iter()
            .zip(ground.wanted)
            .map(|(column, wanted)| {
                if !*wanted {
                    return Filler::Unused;
                }
                if !column.from_return {
                    return Filler::Registered(&column.name);
                }
                let filled = ground.register.return_columns.iter().find(|c| c.name == column.name);
                filled.map_or(Filler::Unused, |filled| {
                    Filler::Returned(&filled.values, column.column_type)
                })
            })
            .collect();
        let asks_returns = fillers.iter().any(|filler| match filler {
            Filler::Unused => false,
            Filler::Returned(..) => true,
            Filler::Registered(name) => name.starts_with("return_"),
        });
        let asks_links = fillers.iter().any(|filler| {
            matches!(filler, Filler::Registered(name) if name.contains("link") || name.contains("partner"))
        });
        Self {
            sources: Sources {
                register: ground.register,
                as_of: ground.as_of,
                practices: ground.practices,
            },
            places: ground.places,
            geography: ground.geography,
            moments: ground.moments,
            fillers,
            asks_returns,
            asks_links,
            in_force: None,
            dictionary,
            partners,
        }
    }

    /// Takes over which organisations have a contract in force.
    pub(crate) fn knowing(self, in_force: InForce) -> Self {
        Self { in_force: Some(in_force), ..self }
    }

    /// All organisations, by index.
    pub(crate) fn organisations(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.sources.register.organisations.len()).unwrap_or(u32::MAX)
    }

    /// The stretches of some organisations from their founding on, by unit, those of a unit in the order of the
    /// organisations, and who could not be placed. An organisation that has ceased keeps its rows, so that it can be asked
    /// who ceased.
    pub(crate) fn stretches(
        &self,
        organisations: impl Iterator<Item = u32>,
    ) -> (Vec<Stretch<'_>>, Vec<u32>) {
        let mut stretches: Vec<Stretch<'_>> = Vec::new();
        let mut unplaced = Vec::new();
        // Seats in the same unit mostly hold its identity in common, and are told by where it lies.
        let mut placements: HashMap<_, Placement, FixedState> = HashMap::default();
        for index in organisations {
            let Some(organisation) = self.sources.register.organisations.get(wide(index)) else {
                continue;
            };
            let decided = self.sources.register.seat_decisions.of(index);
            let states = self.sources.register.states.of(index);
            // Most organisations are the same from one moment to the next.
            let mut before: Option<(&State, Placement)> = None;
            for (number, moment) in (0_u16..).zip(&**self.moments) {
                let on = moment.on;
                if organisation.founded_on > on {
                    continue;
                }
                let held = states.iter().filter(|state| state.from <= on);
                let Some(state) = held.max_by_key(|state| (state.from, state.position)) else {
                    continue;
                };
                let (seat, former) = (&state.seat, state.seat_former.as_ref());
                let place = |decided: &[SeatDecision]| {
                    self.geography.place(self.places, seat, former, decided)
                };
                let placement = match before {
                    Some((same, placement)) if std::ptr::eq(same, state) => placement,
                    _ if decided.is_empty() => {
                        let lies = |unit: &UnitId| unit.0.as_ptr();
                        let entry = placements.entry((lies(seat), former.map(lies)));
                        *entry.or_insert_with(|| place(&[]))
                    }
                    _ => place(decided),
                };
                before = Some((state, placement));
                let (unit, is_exact) = match placement {
                    Placement::In(unit) => (unit, true),
                    Placement::Below(unit) => {
                        unplaced.push(index);
                        (unit, false)
                    }
                    Placement::Outside => continue,
                };
                let unit = u32::try_from(unit).unwrap_or(u32::MAX);
                let last = stretches.last_mut().filter(|last| {
                    last.index == index
                        && last.moments.end == number
                        && std::ptr::eq(last.state, state)
                });
                if let Some(last) = last {
                    last.moments.end = number + 1;
                } else {
                    let moments = number..number + 1;
                    let founded_on = organisation.founded_on;
                    let stretch = Stretch { index, unit, moments, is_exact, founded_on, state };
                    stretches.push(stretch);
                }
            }
        }
        unplaced.dedup();
        (by_unit(stretches, self.geography.len()), unplaced)
    }

    /// The facts of one unit, in which these organisations and no others have rows; none where none of them has.
    pub(crate) fn facts_of(&self, unit: usize, organisations: &[u32]) -> Option<Facts> {
        let (mut stretches, _) = self.stretches(organisations.iter().copied());
        stretches.retain(|stretch| wide(stretch.unit) == unit);
        (!stretches.is_empty()).then(|| self.fill(&stretches, 1))
    }

    /// The facts of some stretches, which stand by unit: of one unit alone, or of all.
    pub(crate) fn fill(&self, stretches: &[Stretch<'_>], units: usize) -> Facts {
        self.touch(stretches);
        let of_these = match &self.in_force {
            Some(_) => InForce::default(),
            None => self.in_force(stretches),
        };
        let filed: Vec<&[AnnualReturn]> = if self.asks_returns {
            let returns = &self.sources.register.returns;
            stretches.iter().map(|stretch| returns.of(stretch.index)).collect()
        } else {
            Vec::new()
        };
        let mut seen: Vec<Seen<'_>> =
            Vec::with_capacity(stretches.iter().map(|stretch| stretch.moments.len()).sum());
        let mut starts = Vec::with_capacity(self.moments.len() * units + 1);
        for (number, moment) in (0_u16..).zip(&**self.moments) {
            let end = starts.len() + units;
            for (at, stretch) in stretches.iter().enumerate() {
                let slot = if units == 1 { 0 } else { wide(stretch.unit) };
                while starts.len() + units <= end + slot {
                    starts.push(count(&seen));
                }
                if stretch.moments.contains(&number) {
                    seen.push(Seen {
                        sources: &self.sources,
                        moment: *moment,
                        stretch,
                        returned: filed
                            .get(at)
                            .and_then(|filed| self.sources.accepted_last(filed, moment.year)),
                        linked: match &self.in_force {
                            Some(of_all) => of_all.has(wide(stretch.index), number),
                            None => of_these.has(at, number),
                        },
                    });
                }
            }
            starts.resize(end, count(&seen));
        }
        starts.push(count(&seen));
        let returns: Vec<u32> =
            seen.iter().map(|seen| seen.returned.map_or(u32::MAX, |filed| filed.row)).collect();
        let columns = self.fillers.iter().map(|filler| match filler {
            Filler::Unused => Column::Unused,
            Filler::Returned(values, column_type) => returned(&returns, values, *column_type),
            Filler::Registered(name) => registered(&seen, &self.dictionary, &self.partners, name),
        });
        let columns = columns.collect();
        let organisations = seen.iter().map(|seen| seen.stretch.index).collect();
        let (moments, dictionary) = (Arc::clone(self.moments), Arc::clone(&self.dictionary));
        Facts::of(moments, dictionary, organisations, columns, starts, units)
    }

    /// Reads a little of all that rows will be made of: it lies all over memory, and comes sooner where all of it is asked for
    /// at once.
    fn touch(&self, stretches: &[Stretch<'_>]) {
        let touched = stretches.iter().map(|stretch| {
            let filed = self.asks_returns.then(|| self.sources.register.returns.of(stretch.index));
            let year = filed.and_then(|filed| filed.first()).map_or(0, |filed| filed.year);
            let reads = self.asks_links && self.in_force.is_none();
            let links = reads.then(|| self.sources.register.links.of(stretch.index));
            let links = links.into_iter().flatten();
            let signed =
                links.fold(0, |all, link| all ^ link.from.day() ^ link.to.map_or(0, Date::day));
            i16::from(signed ^ stretch.state.from.day()) ^ year
        });
        std::hint::black_box(touched.fold(0, |all, one| all ^ one));
    }

    /// Which of some organisations have a contract in force, by stretch.
    fn in_force(&self, stretches: &[Stretch<'_>]) -> InForce {
        let count = if self.asks_links { stretches.len() } else { 0 };
        let mut in_force = InForce::new(self.moments, count);
        for (at, stretch) in stretches.iter().enumerate().take(count) {
            for link in self.sources.register.links.of(stretch.index) {
                in_force.add(at, link);
            }
        }
        in_force
    }

    /// The identities of an organisation with their days; none where they are those that `sets` has.
    pub(crate) fn other_identities(
        &self,
        several: Several,
        index: u32,
        sets: &Sets,
    ) -> Option<Vec<RollSpan>> {
        match several {
            Several::RollPersons => {
                let same = sets.rolls.agree_on(&self.sources.register.roll_spans, index);
                (!same).then(|| self.sources.register.roll_spans.of(index).iter().collect())
            }
            Several::LinkPartners => {
                let links = self.sources.register.links.of(index);
                let now: Vec<RollSpan> =
                    links.iter().filter_map(|link| self.partner(link)).collect();
                (!sets.rolls.of(index).iter().eq(now.iter().copied())).then_some(now)
            }
        }
    }

    /// The partner of a contract as if it stood on a roll; none where it has no number.
    fn partner(&self, link: &Link) -> Option<RollSpan> {
        Some(as_on_roll(link, self.partners.number(&link.partner.key)?))
    }
}

/// The partner of a contract, who has a number, as if it stood on a roll.
pub(crate) fn as_on_roll(link: &Link, number: u32) -> RollSpan {
    RollSpan {
        organisation: link.organisation,
        person: number,
        kind: MemberKind::Organisation,
        class: MemberClass::Associate,
        capital: 0,
        from: link.from,
        // A contract holds on its last day too.
        until: link.to.map(|to| to.tomorrow().unwrap_or(Date::MAX)),
    }
}

fn count<T>(things: &[T]) -> u32 {
    u32::try_from(things.len()).unwrap_or(u32::MAX)
}

/// Stretches by unit, those of each in the order in which they come.
fn by_unit(mut stretches: Vec<Stretch<'_>>, units: usize) -> Vec<Stretch<'_>> {
    if stretches.len() < units {
        stretches.sort_by_key(|stretch| stretch.unit);
        return stretches;
    }
    // Where there are so many, counting how many each unit has is quicker than holding one against the other.
    let mut places = vec![0_usize; units + 1];
    for stretch in &stretches {
        if let Some(count) = places.get_mut(wide(stretch.unit) + 1) {
            *count += 1;
        }
    }
    let mut before = 0;
    for place in &mut places {
        before += *place;
        *place = before;
    }
    let mut order = vec![0_usize; stretches.len()];
    for (at, stretch) in stretches.iter().enumerate() {
        if let Some(next) = places.get_mut(wide(stretch.unit)) {
            if let Some(place) = order.get_mut(*next) {
                *place = at;
            }
            *next += 1;
        }
    }
    order.into_iter().filter_map(|at| stretches.get(at).cloned()).collect()
}

/// What rows are made of.
struct Sources<'a> {
    register: &'a Register,
    as_of: Date,
    practices: &'a [PracticeRule],
}

impl Sources<'_> {
    /// Of the returns of a year that were filed by the asked day, the one that was accepted last.
    fn accepted_last<'r>(&self, filed: &'r [AnnualReturn], year: i16) -> Option<&'r AnnualReturn> {
        let of_year = filed.iter().filter(|filed| filed.year == year && filed.on <= self.as_of);
        of_year.max_by_key(|filed| filed.on)
    }
}

/// An organisation at a moment: a row. Its methods are the definitions of the register's columns.
#[derive(Clone, Copy)]
struct Seen<'s> {
    sources: &'s Sources<'s>,
    moment: Moment,
    stretch: &'s Stretch<'s>,
    /// The return of the year, where there is one and somebody asks for it.
    returned: Option<&'s AnnualReturn>,
    /// Whether a contract is in force, where somebody asks for contracts.
    linked: bool,
}

impl<'s> Seen<'s> {
    /// What the register has of one kind under its organisation.
    fn own<T: Record>(&self, of: impl Fn(&'s Register) -> &'s Records<T>) -> &'s [T] {
        of(self.sources.register).of(self.stretch.index)
    }

    /// Its states up to the day, oldest first.
    fn states(&self) -> impl DoubleEndedIterator<Item = &'s State> + Clone + use<'s> {
        let on = self.moment.on;
        self.own(|register| &register.states).iter().filter(move |state| state.from <= on)
    }

    fn in_period(&self, day: Date) -> bool {
        year_start(self.moment.year) <= day && day <= self.moment.on
    }

    fn in_force(&self, from: Date, to: Option<Date>) -> bool {
        from <= self.moment.on && to.is_none_or(|to| self.moment.on <= to)
    }

    fn registered(&self) -> bool {
        self.stretch.state.status != Status::Terminated
    }

    fn founded(&self) -> bool {
        self.in_period(self.stretch.founded_on)
    }

    /// Whether two states one behind the other differ so within the period.
    fn turned(&self, differ: impl Fn(&State, &State) -> bool) -> bool {
        // Where the state is not of this period nothing turned within it.
        self.stretch.state.from >= year_start(self.moment.year)
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
        let (from, to) = (self.stretch.founded_on, self.moment.on);
        let years = i64::from(to.year()) - i64::from(from.year());
        let before_the_day = (to.month(), to.day()) < (from.month(), from.day());
        years - i64::from(before_the_day)
    }

    fn members(&self) -> Option<i64> {
        self.states().rev().find_map(|state| state.members)
    }

    fn members_joined(&self) -> Option<i64> {
        let first = self.states().next().filter(|_| self.founded())?;
        first.members
    }

    /// Those on its roll on the day; none where it has no roll by then.
    fn roll(&self) -> Option<impl Iterator<Item = RollSpan> + Clone + use<'s>> {
        self.has_roll()
            .then(|| self.sources.register.roll_spans.of(self.stretch.index).on(self.moment.on))
    }

    /// Whether it has a roll by the day.
    fn has_roll(&self) -> bool {
        let on = self.moment.on;
        self.own(|register| &register.roll_counts).iter().any(|count| count.on <= on)
    }

    fn roll_count(&self, counts: impl Fn(&RollSpan) -> bool) -> Option<i64> {
        i64::try_from(self.roll()?.filter(counts).count()).ok()
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
        for change in
            self.own(|register| &register.roll_counts).iter().filter(|change| change.on <= on)
        {
            sum += &change.tally;
        }
        (stated(&sum) >= of_all).then(|| count(&sum))
    }

    fn capital(&self) -> Option<i64> {
        self.states().rev().find_map(|state| state.capital)
    }

    fn decided(&self) -> impl Iterator<Item = &'s GradeDecision> {
        let on = self.moment.on;
        self.own(|register| &register.grades).iter().filter(move |grade| grade.on <= on)
    }

    fn grade(&self) -> Option<&'s GradeDecision> {
        self.decided().max_by_key(|grade| (grade.on, grade.year))
    }

    fn graded(&self) -> bool {
        let year = self.moment.year;
        self.decided().any(|grade| grade.year == year || grade.year == year - 1)
    }

    fn gradable(&self) -> bool {
        let since = self.stretch.founded_on.checked_add(12.months());
        self.registered()
            && self.stretch.state.kind != Kind::Group
            && since.is_ok_and(|since| since <= self.moment.on)
    }

    fn links(&self) -> impl Iterator<Item = &'s Link> {
        self.own(|register| &register.links).iter().filter(|link| self.in_force(link.from, link.to))
    }

    fn partners(&self) -> Vec<&'s str> {
        let mut partners: Vec<&str> = self.links().map(|link| &*link.partner.key).collect();
        partners.sort_unstable();
        partners.dedup();
        partners
    }

    /// The partner of the largest contract. Where no contract has a value, only a single partner is the largest.
    fn main_partner(&self) -> Option<&'s str> {
        let valued = self.links().filter_map(|link| Some((link.value?, &*link.partner.key)));
        // Of equal contracts the first partner by name is taken, so that the same ledger gives the same board.
        let largest = valued.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
        largest.map(|(_, partner)| partner).or_else(|| {
            let partners = self.partners();
            partners.first().copied().filter(|_| partners.len() == 1)
        })
    }

    fn certificates(&self) -> impl Iterator<Item = &'s Certificate> {
        self.own(|register| &register.certificates)
            .iter()
            .filter(|held| held.holds_on(self.moment.on))
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
            .own(|register| &register.adoptions)
            .iter()
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
        let payments =
            self.own(|register| &register.supports).iter().flat_map(|(_, one)| &one.payments);
        payments.filter(|paid| self.in_period(paid.on)).map(|paid| paid.amount).sum()
    }

    fn promotions_since(&self, year: i16) -> usize {
        let on = self.moment.on;
        let events = self.own(|register| &register.promotions);
        events.iter().filter(|event| event.on.year() >= year && event.on <= on).count()
    }

    fn union_member(&self) -> bool {
        self.own(|register| &register.memberships)
            .iter()
            .any(|member| self.in_force(member.from, member.to))
    }
}

/// Fills a column of the register. A name that the catalogue has and this table has not is missing everywhere; a test
/// sees to it that there is none.
fn registered(
    rows: &[Seen<'_>],
    dictionary: &Dictionary,
    partners: &Partners,
    name: &str,
) -> Column {
    match name {
        "organisation" => ids(rows, |seen| Some(seen.stretch.index)),
        "kind" => {
            coded(rows, |seen| Some(seen.stretch.state.kind), |kind| dictionary.find(kind.code()))
        }
        "commune" => ids(rows, |seen| seen.stretch.is_exact.then_some(seen.stretch.unit)),
        "year" => numbers(rows, |row| Some(i64::from(row.moment.year))),
        "age" => numbers(rows, |row| Some(row.age())),
        "registered" => sure(rows, Seen::registered),
        "operating" => sure(rows, |seen| seen.stretch.state.status == Status::Operating),
        "suspended" => sure(rows, |seen| seen.stretch.state.status == Status::Suspended),
        "founded" => sure(rows, Seen::founded),
        "ceased" => sure(rows, Seen::ceased),
        "converted" => sure(rows, Seen::converted),
        "sector" => coded(
            rows,
            |seen| Some(seen.stretch.state.sector),
            |sector| dictionary.find(sector.code()),
        ),
        "vsic" => letters(rows, dictionary),
        "difficult_area" => sure(rows, |seen| seen.stretch.state.difficult_area),
        "capital" => numbers(rows, Seen::capital),
        "members" => numbers(rows, Seen::members),
        "roll_members" => numbers(rows, |row| row.roll_count(|_| true)),
        "roll_official" => {
            numbers(rows, |row| row.roll_count(|span| span.class == MemberClass::Official))
        }
        "roll_capital" => numbers(rows, |row| Some(row.roll()?.map(|span| span.capital).sum())),
        "roll_persons" => Column::Ids(Bits::from_slice(rows, Seen::has_roll)),
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
        "grade" => {
            let grade = |row: &Seen<'_>| row.grade().map(|decided| decided.grade);
            coded(rows, grade, |grade| dictionary.find(grade.code()))
        }
        "grade_year" => numbers(rows, |row| row.grade().map(|decided| i64::from(decided.year))),
        "graded" => sure(rows, Seen::graded),
        "gradable" => sure(rows, Seen::gradable),
        "linked" => sure(rows, |row| row.linked),
        "linked_enterprise" => {
            sure(rows, |row| row.links().any(|link| link.partner.kind == PartnerKind::Enterprise))
        }
        "partners" => counts(rows, |row| row.partners().len()),
        "link_partners" => Column::Ids(Bits::from_slice(rows, |row| row.linked)),
        "main_partner" => ids(rows, |row| partners.number(row.main_partner()?)),
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
        "return_filed" => sure(rows, |seen| seen.returned.is_some()),
        // Whether a return that is not there is late, nobody can say before it comes.
        "return_late" => flags(rows, |seen| seen.returned.map(|filed| filed.late)),
        _ => Column::Unused,
    }
}

/// Fills a column of the yearly return. `returns` says for each row where its return stands, if it has one.
fn returned(returns: &[u32], values: &Growing, column_type: ColumnType) -> Column {
    let values = values.gather(returns);
    let known = Bits::known(&values);
    if column_type == ColumnType::Flag {
        let no = of_any_width!(&values, |values, _nothing| {
            Bits::from_slice(values, |value| whole(*value) == 0)
        });
        Column::Flag(Flags { yes: known.without(&no), no })
    } else {
        Column::Number { values, known }
    }
}

/// A flag that is never missing.
fn sure<'s>(rows: &[Seen<'s>], holds: impl Fn(&Seen<'s>) -> bool) -> Column {
    let yes = Bits::from_slice(rows, holds);
    Column::Flag(Flags { no: yes.not(), yes })
}

fn flags<'s>(rows: &[Seen<'s>], value: impl Fn(&Seen<'s>) -> Option<bool>) -> Column {
    Column::Flag(Flags::from_slice(rows, value))
}

fn numbers<'s>(rows: &[Seen<'s>], value: impl Fn(&Seen<'s>) -> Option<i64>) -> Column {
    let mut values = Wholes::with_capacity(rows.len());
    let known = Bits::from_slice(rows, |row| {
        let value = value(row);
        values.push(value);
        value.is_some()
    });
    Column::Number { values, known }
}

fn counts<'s>(rows: &[Seen<'s>], value: impl Fn(&Seen<'s>) -> usize) -> Column {
    numbers(rows, |row| i64::try_from(value(row)).ok())
}

/// VSIC letters.
fn letters(rows: &[Seen<'_>], dictionary: &Dictionary) -> Column {
    let code = |letter: char| dictionary.find(letter.encode_utf8(&mut [0; 4]));
    coded(rows, |seen| Some(seen.stretch.state.vsic), code)
}

/// Words of which there are few, each looked up once.
fn coded<'s, T: Copy + PartialEq>(
    rows: &[Seen<'s>],
    value: impl Fn(&Seen<'s>) -> Option<T>,
    code: impl Fn(T) -> u16,
) -> Column {
    let mut known: Vec<(T, u16)> = Vec::new();
    let codes = rows.iter().map(|row| {
        let Some(value) = value(row) else { return Texts::MISSING };
        if let Some((_, code)) = known.iter().find(|(known, _)| *known == value) {
            return *code;
        }
        let code = code(value);
        known.push((value, code));
        code
    });
    Column::Category(Texts { codes: codes.collect() })
}

fn ids<'s>(rows: &[Seen<'s>], value: impl Fn(&Seen<'s>) -> Option<u32>) -> Column {
    Column::Id(rows.iter().map(|row| value(row).unwrap_or(Column::NO_ID)).collect())
}
