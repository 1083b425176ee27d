//! What formulas made of the facts, kept between filings: computed once, then brought up to date by the organisations that filings
//! are about.
//!
//! A board is asked of what is kept and shares with it whatever did not change since. A filing changes the rows of its
//! organisation, which are laid out as they were and as they are; from them follow the values of its unit and of those above it, in
//! the years that changed, and nothing else is looked at. What results is what laying out everything anew gives, bit for bit, and a
//! test holds it to that.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use hoptac_model::blocks::Blocks;
use hoptac_model::formula::tree::{Aggregate, Outer, Row};
use hoptac_model::pack::Pack;
use hoptac_model::packed::{Input, Output, Packed};
use hoptac_model::register::Register;
use hoptac_model::roll::{RollSpan, Rolls};
use hoptac_model::target::Scope;
use hoptac_model::unit::Places;

use crate::basis::{Ask, Basis};
use crate::board::{Board, Frame, Question};
use crate::evaluate::{Evaluator, Method, Part, Shared};
use crate::facts::{Dictionary, Facts, wide};
use crate::fold::{Fold, Homes, Tree};
use crate::geography::Geography;
use crate::grid::Grid;
use crate::layout::{
    InForce, Layout, Partners, Several, Stretch, add_letter, add_words, as_on_roll, words,
};
use crate::measure::{Denominator, Measured, Reckoning, Values, published};
use crate::scoreboard;
use crate::sets::Sets;

/// From how many stretches of rows on two share what is laid out anew; in tests always.
const APART: usize = if cfg!(debug_assertions) { 1 } else { 20_000 };
/// How many stretches one of them takes at a time; in tests one unit's.
const TOGETHER: usize = if cfg!(debug_assertions) { 1 } else { 2_000 };

/// What all formulas of a plan make of the facts of a day on its places.
#[derive(Clone, Debug)]
pub struct Kept {
    frame: Arc<Frame>,
    position: u64,
    synthetic: bool,
    /// On the asked geography.
    here: Lot,
    /// On the plan's own geography, where targets are set for each unit of a level that the asked one has not.
    of_plan: Option<Lot>,
}

impl Kept {
    /// Lays everything out. Odd data gives missing values, never a panic.
    pub fn lay_out(register: &Register, places: &Places, pack: &Pack, question: Question) -> Self {
        let mut kept = Self::bare(places, pack, question);
        kept.lie_on(register);
        for lot in std::iter::once(&mut kept.here).chain(&mut kept.of_plan) {
            lot.lay_out(&kept.frame);
        }
        kept.position = register.position;
        kept.synthetic = register.has_synthetic();
        kept
    }

    /// What is asked, before anything of the register is known.
    fn bare(places: &Places, pack: &Pack, question: Question) -> Self {
        let frame = Arc::new(Frame::new(pack, question));
        let setting = &pack.setting;
        let geography = Geography::new(places, &setting.unit, question.geography);
        let here = Lot::new(&frame, places, geography, |_| true);
        let absent: BTreeSet<usize> = pack
            .targets
            .iter()
            .filter(|target| match target.scope {
                Scope::Each(level) => !here.geography.has_level(level),
                Scope::Plan => false,
            })
            .flat_map(scoreboard::indicators_of)
            .filter_map(|id| frame.indicators.get(id).copied())
            .collect();
        let of_plan = (!absent.is_empty()).then(|| {
            let geography = Geography::new(places, &setting.unit, setting.geography);
            Lot::new(&frame, places, geography, |index| absent.contains(&index))
        });
        Self { position: 0, synthetic: false, frame, here, of_plan }
    }

    /// The names and types of what is written. Facts of another shape cannot be read.
    pub fn shape() -> String {
        let mut shape = "Kept:".to_owned();
        <(u64, bool)>::shape(&mut shape);
        Lot::shape(&mut shape);
        shape
    }

    /// Writes everything that was laid out and computed.
    pub fn write(&self, out: &mut Output<'_>) {
        self.position.write(out);
        self.synthetic.write(out);
        for lot in std::iter::once(&self.here).chain(&self.of_plan) {
            lot.write(out);
        }
    }

    /// Reads what was written where the same was asked of the same plan and places; none where something else was. What the
    /// register has itself was not written twice: it has to be laid on it.
    pub fn read(
        input: &mut Input<'_>,
        places: &Places,
        pack: &Pack,
        question: Question,
    ) -> Option<Loose> {
        let mut kept = Self::bare(places, pack, question);
        kept.position = Packed::read(input)?;
        kept.synthetic = Packed::read(input)?;
        for lot in std::iter::once(&mut kept.here).chain(&mut kept.of_plan) {
            lot.read(&kept.frame, input)?;
        }
        Some(Loose(kept))
    }

    /// The board as things stand.
    pub fn board(&self) -> Board {
        Board {
            frame: Arc::clone(&self.frame),
            position: self.position,
            synthetic: self.synthetic,
            measured: self.here.measured(&self.frame),
            of_plan: self.of_plan.as_ref().map(|lot| lot.measured(&self.frame)),
        }
    }

    /// Makes ready what the first filings would else wait for. A board can be asked before.
    pub fn prepare(&mut self) {
        for lot in std::iter::once(&mut self.here).chain(&mut self.of_plan) {
            let tree = Tree { geography: &lot.geography, moments: &self.frame.moments };
            lot.folds.iter_mut().for_each(|fold| fold.prepare(tree));
            lot.sets.values_mut().for_each(Sets::link);
        }
    }

    /// What is asked.
    pub fn question(&self) -> Question {
        self.frame.question
    }

    /// The ledger position that it has come to.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Takes in what filings said of some organisations.
    ///
    /// The register must stand in the order that it promises, and be the one that was laid out but for what it says of these
    /// organisations: every other one has kept its index, and new ones stand behind all that were there. Places and plan
    /// are the same.
    pub fn file(&mut self, register: &Register, organisations: &[u32]) {
        // What was filed of an organisation in several filings is one change.
        let organisations: BTreeSet<u32> = organisations.iter().copied().collect();
        for organisation in organisations {
            for lot in std::iter::once(&mut self.here).chain(&mut self.of_plan) {
                lot.file(&self.frame, register, organisation);
            }
            let filed = register.organisation(organisation);
            self.synthetic |= filed.is_some_and(|organisation| organisation.synthetic);
        }
        self.lie_on(register);
        self.position = register.position;
    }

    /// Lies on a register: the facts to come are of it.
    fn lie_on(&mut self, register: &Register) {
        let register = Arc::new(register.clone());
        for lot in std::iter::once(&mut self.here).chain(&mut self.of_plan) {
            lot.lie_on(&register);
        }
    }
}

/// Facts that were read and still have to be laid on the register that they are of.
#[derive(Debug)]
pub struct Loose(Kept);

impl Loose {
    /// The ledger position that they have come to.
    pub fn position(&self) -> u64 {
        self.0.position
    }

    /// Lays them on their register; none where it is one of another position.
    pub fn lie_on(mut self, register: &Register) -> Option<Kept> {
        self.0.lie_on(register);
        (self.0.position == register.position).then_some(self.0)
    }
}

/// Where the values of a formula stand.
#[derive(Clone, Debug)]
enum Source {
    /// It is one aggregate.
    Fold(usize),
    /// It is made of several.
    Derived(usize),
    /// It does not depend on the register.
    Fixed(Arc<Grid>),
}

/// A formula that is made of several aggregates.
#[derive(Clone, Debug)]
struct Derived {
    tree: Outer,
    /// The fold of each aggregate, in the order of the text.
    folds: Vec<usize>,
    grid: Arc<Grid>,
}

impl Derived {
    /// The value of some cells.
    fn values<'a>(
        &'a self,
        folds: &'a [Fold],
        cells: impl Iterator<Item = (usize, usize)> + 'a,
    ) -> impl Iterator<Item = Option<f64>> + 'a {
        let mut aggregates: Vec<(&Aggregate, &Grid)> = Vec::new();
        let mut places = self.folds.iter();
        self.tree.each_aggregate(&mut |aggregate| {
            if let Some(fold) = places.next().and_then(|at| folds.get(*at)) {
                aggregates.push((aggregate, &fold.grid));
            }
        });
        cells.map(move |(moment, unit)| {
            self.tree.value(&|asked| {
                let found = aggregates.iter().find(|(known, _)| std::ptr::eq(*known, asked));
                found.and_then(|(_, grid)| grid.value(moment, unit))
            })
        })
    }
}

/// Some indicators on one geography.
#[derive(Clone, Debug)]
struct Lot {
    geography: Arc<Geography>,
    /// Which columns formulas name.
    wanted: Arc<[bool]>,
    /// What the facts are made of.
    basis: Basis,
    folds: Vec<Fold>,
    derived: Vec<Derived>,
    /// Numerator and denominator of each indicator in the pack; none where not asked for.
    sources: Vec<Option<(Option<Source>, Option<Source>)>>,
    sets: BTreeMap<Several, Sets>,
    homes: Homes,
    partners: Arc<Partners>,
    /// Organisations that could not be placed in a commune at one of the moments, in order.
    unplaced: Arc<Vec<u32>>,
}

/// What folds ask of facts.
struct Asked(Vec<(Aggregate, Method)>);

impl Asked {
    fn of(folds: &[Fold]) -> Self {
        Self(folds.iter().map(|fold| (fold.aggregate.clone(), fold.method)).collect())
    }

    /// What several of them have in common.
    fn shared(&self) -> Shared {
        Shared::new(self.0.iter().map(|(aggregate, _)| aggregate))
    }
}

/// Takes what folds ask from the facts of one unit after the other.
struct Taking<'a> {
    frame: &'a Frame,
    tree: Tree<'a>,
    asked: &'a Asked,
    shared: &'a Shared,
}

impl Taking<'_> {
    /// Makes folds empty.
    fn begin(&self, folds: &mut [Fold]) {
        for ((aggregate, method), fold) in self.asked.0.iter().zip(folds) {
            *fold = Fold::new(aggregate, *method, self.tree);
        }
    }

    /// What the facts of a unit come to, fold by fold.
    fn parts<'f>(&'f self, facts: &'f Facts) -> impl Iterator<Item = Part> + use<'f> {
        let mut evaluator = Evaluator::new(facts, &self.frame.catalogue, self.shared);
        let asked = self.asked.0.iter();
        asked.map(move |(aggregate, method)| evaluator.part(aggregate, *method))
    }

    /// Gives them to the folds.
    fn take(&self, folds: &mut [Fold], unit: usize, parts: impl IntoIterator<Item = Part>) {
        for (fold, part) in folds.iter_mut().zip(parts) {
            fold.take(unit, part, self.tree);
        }
    }
}

/// A unit with its stretches.
type OfUnit<'s> = (usize, &'s [Stretch<'s>]);

/// The next units that nobody took, together as many as one takes at a time; none where no more are left.
fn next_units<'u, 's>(left: &Mutex<&'u [OfUnit<'s>]>) -> Option<&'u [OfUnit<'s>]> {
    let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
    let mut stretches = 0;
    let enough = left.iter().position(|(_, own)| {
        stretches += own.len();
        stretches >= TOGETHER
    });
    let (units, rest) = left.split_at_checked(enough.map_or(left.len(), |last| last + 1))?;
    *left = rest;
    (!units.is_empty()).then_some(units)
}

/// The rows of one organisation in a unit before and after a filing.
struct Turn {
    unit: usize,
    before: Option<Facts>,
    after: Option<Facts>,
}

impl Lot {
    /// What the indicators need that `asked` says, by their index in the pack, before anything of the register is known.
    fn new(
        frame: &Frame,
        places: &Places,
        geography: Geography,
        asked: impl Fn(usize) -> bool,
    ) -> Self {
        let reckonings: Vec<(usize, &Reckoning)> =
            frame.reckonings.iter().enumerate().filter(|(index, _)| asked(*index)).collect();
        let wanted = frame.columns_of(reckonings.iter().map(|(_, reckoning)| *reckoning));
        let mut dictionary = words();
        for formula in reckonings.iter().flat_map(|(_, reckoning)| reckoning.formulas()) {
            formula.tree().each_aggregate(&mut |aggregate| {
                for row in aggregate.of.iter().chain(&aggregate.filter) {
                    each_text(row, &mut |word| {
                        dictionary.code(word);
                    });
                }
            });
        }
        let tree = Tree { geography: &geography, moments: &frame.moments };
        let (mut folds, mut derived) = (Vec::new(), Vec::new());
        let mut sources = vec![None; frame.reckonings.len()];
        for (index, reckoning) in reckonings {
            let mut source =
                |tree_of: &Outer| source(tree_of, &mut folds, &mut derived, frame, tree);
            let numerator = reckoning.numerator.as_ref().map(|formula| source(formula.tree()));
            let fixed = |grid| Some(Source::Fixed(Arc::new(grid)));
            let denominator = match &reckoning.denominator {
                Denominator::None => None,
                Denominator::Formula(formula) => Some(source(formula.tree())),
                Denominator::Figure => {
                    fixed(published(&frame.pack, index, &geography, &frame.moments))
                }
                // Missing everywhere, and so is the quotient.
                Denominator::Unreadable => fixed(Grid::from_values(0, std::iter::empty())),
            };
            if let Some(place) = sources.get_mut(index) {
                *place = Some((numerator, denominator));
            }
        }
        let basis = Basis {
            register: Arc::default(),
            places: places.clone(),
            dictionary: Arc::new(dictionary),
            residents: Blocks::default(),
        };
        Self {
            basis,
            sets: BTreeMap::new(),
            homes: Homes::default(),
            unplaced: Arc::default(),
            geography: Arc::new(geography),
            partners: Arc::default(),
            wanted: wanted.into(),
            folds,
            derived,
            sources,
        }
    }

    /// Lays out the facts of one unit after the other, and evaluates all formulas over them while they are at hand.
    fn lay_out(&mut self, frame: &Frame) {
        let register = Arc::clone(&self.basis.register);
        add_words(Arc::make_mut(&mut self.basis.dictionary), &register);
        let (geography, wanted) = (Arc::clone(&self.geography), Arc::clone(&self.wanted));
        let ask = Ask { frame, geography: &geography, moments: &frame.moments, wanted: &wanted };
        let needs_partners = ask.names("link_partners") || ask.names("main_partner");
        let mut contracts = Rolls::default();
        let mut in_force = InForce::new(&frame.moments, register.organisations.len());
        if needs_partners {
            let known = register.organisations.len();
            self.partners = Arc::new(Partners::new(&register, |link, number| {
                if wide(link.organisation) < known {
                    contracts.push(as_on_roll(link, number));
                    in_force.add(wide(link.organisation), link);
                }
            }));
        }
        let several = self.folds.iter().filter_map(Fold::several);
        let sets = several.map(|several| {
            let rolls = match several {
                Several::RollPersons => &register.roll_spans,
                Several::LinkPartners => &contracts,
            };
            (several, Sets::new(&frame.moments, rolls.clone()))
        });
        self.sets = sets.collect();
        self.homes = Homes::new(frame.moments.len(), register.organisations.len());
        let tree = Tree { geography: &geography, moments: &frame.moments };
        let mut layout = self.basis.layout(&register, ask, Arc::clone(&self.partners));
        if needs_partners {
            layout = layout.knowing(in_force);
        }
        let (stretches, unplaced) = layout.stretches(layout.organisations());
        let asked = Asked::of(&self.folds);
        let shared = asked.shared();
        let taking = Taking { frame, tree, asked: &asked, shared: &shared };
        taking.begin(&mut self.folds);
        let mut residents: Vec<Vec<u32>> = vec![Vec::new(); geography.len()];
        let units: Vec<OfUnit<'_>> = stretches
            .chunk_by(|one, other| one.unit == other.unit)
            .filter_map(|own| Some((wide(own.first()?.unit), own)))
            .collect();
        let is_much = stretches.len() >= APART;
        if is_much {
            // Two lay out and evaluate by turns, and what one of them found waits until the other has time to give it to the folds.
            let left = Mutex::new(units.as_slice());
            std::thread::scope(|scope| {
                let (found, waiting) = mpsc::channel();
                let (left, layout, taking) = (&left, &layout, &taking);
                scope.spawn(move || {
                    while let Some(units) = next_units(left) {
                        let parts = units.iter().map(|(unit, own)| {
                            let parts: Vec<Part> = taking.parts(&layout.fill(own, 1)).collect();
                            (*unit, parts)
                        });
                        // Where nobody takes them any more, nobody waits for them either.
                        if found.send(parts.collect::<Vec<_>>()).is_err() {
                            return;
                        }
                    }
                });
                while let Some(units) = next_units(left) {
                    for (unit, own) in units {
                        let facts = layout.fill(own, 1);
                        taking.take(&mut self.folds, *unit, taking.parts(&facts));
                    }
                    for (unit, parts) in waiting.try_iter().flatten() {
                        taking.take(&mut self.folds, unit, parts);
                    }
                }
                for (unit, parts) in waiting.into_iter().flatten() {
                    taking.take(&mut self.folds, unit, parts);
                }
            });
        } else {
            for (unit, own) in &units {
                taking.take(&mut self.folds, *unit, taking.parts(&layout.fill(own, 1)));
            }
        }
        for (unit, own) in units {
            self.homes.take(own);
            if let Some(residents) = residents.get_mut(unit) {
                residents.extend(own.iter().map(|stretch| stretch.index));
                residents.dedup();
                residents.shrink_to_fit();
            }
        }
        drop(stretches);
        drop(layout);
        self.basis.residents = residents.into();
        self.unplaced = Arc::new(unplaced);
        self.settle(frame, is_much);
    }

    /// The shape of what is written of a lot.
    fn shape(shape: &mut String) {
        <(Dictionary, (Partners, Blocks<Vec<u32>>))>::shape(shape);
        Fold::shape(shape);
        Grid::shape(shape);
        Sets::shape(shape);
        <(Homes, Vec<u32>)>::shape(shape);
    }

    /// Writes everything that follows from the register.
    fn write(&self, out: &mut Output<'_>) {
        self.basis.dictionary.write(out);
        self.partners.write(out);
        self.basis.residents.write(out);
        self.folds.len().write(out);
        for fold in &self.folds {
            fold.write(out);
        }
        self.derived.len().write(out);
        for derived in &self.derived {
            derived.grid.write(out);
        }
        self.sets.len().write(out);
        for (several, sets) in &self.sets {
            several.write(out);
            sets.write(*several, out);
        }
        self.homes.write(out);
        self.unplaced.write(out);
    }

    /// Reads what was written of a lot of the same indicators and places.
    fn read(&mut self, frame: &Frame, input: &mut Input<'_>) -> Option<()> {
        self.basis.dictionary = Arc::new(Packed::read(input)?);
        self.partners = Arc::new(Packed::read(input)?);
        self.basis.residents = Packed::read(input)?;
        if self.basis.residents.len() != self.geography.len() {
            return None;
        }
        if usize::read(input)? != self.folds.len() {
            return None;
        }
        for fold in &mut self.folds {
            fold.read(input)?;
        }
        if usize::read(input)? != self.derived.len() {
            return None;
        }
        for derived in &mut self.derived {
            derived.grid = Arc::new(Packed::read(input)?);
        }
        self.sets.clear();
        for _ in 0..usize::read(input)? {
            let several = Several::read(input)?;
            self.sets.insert(several, Sets::read(several, &frame.moments, input)?);
        }
        self.homes = Packed::read(input)?;
        self.unplaced = Packed::read(input)?;
        Some(())
    }

    /// Puts together what was taken from all units, and what follows from it. Where that is much, two share it.
    fn settle(&mut self, frame: &Frame, is_much: bool) {
        let geography = Arc::clone(&self.geography);
        let tree = Tree { geography: &geography, moments: &frame.moments };
        let (homes, sets) = (&self.homes, &self.sets);
        let settle = |fold: &mut Fold| {
            fold.settle(tree, homes, fold.several().and_then(|several| sets.get(&several)));
        };
        // Identities are counted by two threads already, and need most memory: they come last.
        let (of_identities, others): (Vec<&mut Fold>, Vec<&mut Fold>) =
            self.folds.iter_mut().partition(|fold| fold.several().is_some());
        let left = Mutex::new(others.into_iter());
        let settle_others = || {
            let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(fold) = next() {
                settle(fold);
            }
        };
        std::thread::scope(|scope| {
            if is_much {
                scope.spawn(settle_others);
            }
            settle_others();
        });
        of_identities.into_iter().for_each(settle);
        let (moments, units) = (frame.moments.len(), geography.len());
        for derived in &mut self.derived {
            let cells = (0..moments).flat_map(|moment| (0..units).map(move |unit| (moment, unit)));
            let grid = Grid::from_values(units, derived.values(&self.folds, cells));
            derived.grid = Arc::new(grid);
        }
    }

    /// Takes in what was filed of one organisation.
    fn file(&mut self, frame: &Frame, register: &Register, organisation: u32) {
        self.learn(register, organisation);
        let (geography, wanted) = (Arc::clone(&self.geography), Arc::clone(&self.wanted));
        let ask = Ask { frame, geography: &geography, moments: &frame.moments, wanted: &wanted };
        let basis = self.basis.clone();
        let layout = |register| basis.layout(register, ask, Arc::clone(&self.partners));
        let (before, layout) = (layout(&basis.register), layout(register));
        let (stretches, unplaced) = layout.stretches(std::iter::once(organisation));
        let moments = frame.moments.len();
        let turns = turns(&before, &layout, &stretches, organisation);
        let rolls: Vec<(Several, Option<Vec<RollSpan>>)> = self
            .sets
            .iter()
            .map(|(several, sets)| {
                (*several, layout.other_identities(*several, organisation, sets))
            })
            .collect();
        let mut touched: BTreeSet<(usize, usize)> = BTreeSet::new();
        for turn in &turns {
            self.turn(frame, &layout, turn, organisation, &mut touched);
        }
        self.identify(frame, &turns, rolls, organisation, &mut touched);
        (0..moments).for_each(|moment| self.homes.set(organisation, moment, None));
        self.homes.take(&stretches);
        for derived in &mut self.derived {
            let cells: Vec<(usize, usize)> = touched.iter().copied().collect();
            let values: Vec<Option<f64>> =
                derived.values(&self.folds, cells.iter().copied()).collect();
            let grid = Arc::make_mut(&mut derived.grid);
            for ((moment, unit), value) in cells.into_iter().zip(values) {
                grid.set(moment, unit, value);
            }
        }
        match (self.unplaced.binary_search(&organisation), unplaced.is_empty()) {
            (Ok(at), true) => {
                Arc::make_mut(&mut self.unplaced).remove(at);
            }
            (Err(at), false) => Arc::make_mut(&mut self.unplaced).insert(at, organisation),
            (Ok(_), false) | (Err(_), true) => {}
        }
    }

    /// Learns the words and partners that an organisation brings.
    fn learn(&mut self, register: &Register, organisation: u32) {
        for state in register.states.of(organisation) {
            if !self.basis.dictionary.has(state.vsic.encode_utf8(&mut [0; 4])) {
                add_letter(Arc::make_mut(&mut self.basis.dictionary), state.vsic);
            }
        }
        for link in register.links.of(organisation) {
            if !self.partners.has(&link.partner.key) {
                Arc::make_mut(&mut self.partners).add(&link.partner.key);
            }
        }
    }

    /// Exchanges what the rows of an organisation gave to the folds of a unit, and carries what follows up the tree.
    fn turn(
        &mut self,
        frame: &Frame,
        layout: &Layout<'_>,
        turn: &Turn,
        organisation: u32,
        touched: &mut BTreeSet<(usize, usize)>,
    ) {
        let Turn { unit, before, after } = turn;
        let geography = Arc::clone(&self.geography);
        let tree = Tree { geography: &geography, moments: &frame.moments };
        let mut residents = self.basis.residents.get(*unit).cloned().unwrap_or_default();
        match (residents.binary_search(&organisation), after.is_some()) {
            (Ok(at), false) => {
                residents.remove(at);
            }
            (Err(at), true) => residents.insert(at, organisation),
            (Ok(_), true) | (Err(_), false) => {}
        }
        let now = OnceCell::new();
        let shared = Shared::default();
        let part = |facts: &Option<Facts>, aggregate: &Aggregate, method| {
            let facts = facts.as_ref()?;
            Some(Evaluator::new(facts, &frame.catalogue, &shared).part(aggregate, method))
        };
        for fold in self.folds.iter_mut().filter(|fold| fold.several().is_none()) {
            let (old, new) = (
                part(before, &fold.aggregate, fold.method),
                part(after, &fold.aggregate, fold.method),
            );
            let anew = |aggregate: &Aggregate, method| {
                let laid_out = || layout.facts_of(*unit, &residents);
                let facts = now.get_or_init(laid_out).as_ref()?;
                Some(Evaluator::new(facts, &frame.catalogue, &shared).part(aggregate, method))
            };
            for moment in fold.change(*unit, old, new, anew, tree) {
                touched.extend(tree.path(*unit).map(|above| (moment, above)));
            }
        }
        self.basis.residents.put(*unit, residents);
    }

    /// Carries a change of the identities of an organisation, or of where it counts with them, up the tree. `rolls` are its
    /// identities now where they are others than before.
    fn identify(
        &mut self,
        frame: &Frame,
        turns: &[Turn],
        rolls: Vec<(Several, Option<Vec<RollSpan>>)>,
        organisation: u32,
        touched: &mut BTreeSet<(usize, usize)>,
    ) {
        let geography = Arc::clone(&self.geography);
        let moments = frame.moments.len();
        let tree = Tree { geography: &geography, moments: &frame.moments };
        let shared = Shared::default();
        for (several, now) in rolls {
            let Some(sets) = self.sets.get_mut(&several) else { continue };
            // Before and after, of each fold and moment: in which unit it counts.
            let mut changes: Vec<(usize, usize, Option<usize>, Option<usize>)> = Vec::new();
            for (at, fold) in self.folds.iter().enumerate() {
                if fold.several() != Some(several) {
                    continue;
                }
                let mut after: Vec<Option<usize>> = vec![None; moments];
                for turn in turns {
                    let Some(facts) = &turn.after else { continue };
                    let part = Evaluator::new(facts, &frame.catalogue, &shared)
                        .part(&fold.aggregate, fold.method);
                    let Part::Who(own) = part else { continue };
                    for (_, moment) in own {
                        if let Some(after) = after.get_mut(moment) {
                            *after = Some(turn.unit);
                        }
                    }
                }
                for (moment, after) in after.into_iter().enumerate() {
                    let counted = fold.counts(organisation, moment, moments);
                    let home = self.homes.find(organisation, moment);
                    let before = home.filter(|_| counted);
                    if before != after || (now.is_some() && before.is_some()) {
                        changes.push((at, moment, before, after));
                    }
                }
            }
            if changes.is_empty() && now.is_none() {
                continue;
            }
            sets.link();
            let homes = &self.homes;
            for (at, moment, before, after) in changes {
                let Some(fold) = self.folds.get_mut(at) else { continue };
                let had = sets.of(organisation, moment);
                let has = now.as_ref().map_or_else(|| had.clone(), |now| sets.among(now, moment));
                // Who was there and is there still counts as before, unless the place is another.
                let moves = before != after;
                let goes = |id: &&u32| moves || has.binary_search(id).is_err();
                let comes = |id: &&u32| moves || had.binary_search(id).is_err();
                let gone = before
                    .into_iter()
                    .flat_map(|unit| had.iter().filter(goes).map(move |id| (unit, *id, false)));
                let come = after
                    .into_iter()
                    .flat_map(|unit| has.iter().filter(comes).map(move |id| (unit, *id, true)));
                for (unit, id, more) in gone.chain(come) {
                    let others: Vec<usize> = sets
                        .holders(id, moment)
                        .filter(|other| *other != organisation)
                        .filter(|other| fold.counts(*other, moment, moments))
                        .filter_map(|other| homes.find(other, moment))
                        .collect();
                    fold.count_identity(unit, moment, more, &others, tree);
                }
                fold.set_counts(organisation, (moment, moments), after.is_some());
                for unit in before.into_iter().chain(after) {
                    touched.extend(tree.path(unit).map(|above| (moment, above)));
                }
            }
            if let Some(now) = now {
                sets.replace(organisation, now);
            }
        }
    }

    /// Lies on a register, and on its rolls instead of rolls of its own that say the same.
    fn lie_on(&mut self, register: &Arc<Register>) {
        self.basis.register = Arc::clone(register);
        if let Some(sets) = self.sets.get_mut(&Several::RollPersons) {
            sets.rolls = register.roll_spans.clone();
        }
    }

    /// What boards show.
    fn measured(&self, frame: &Frame) -> Measured {
        let grid = |source: &Source| match source {
            Source::Fold(at) => self.folds.get(*at).map(|fold| Arc::clone(&fold.grid)),
            Source::Derived(at) => self.derived.get(*at).map(|derived| Arc::clone(&derived.grid)),
            Source::Fixed(grid) => Some(Arc::clone(grid)),
        };
        let indicators = self.sources.iter().zip(&frame.reckonings).map(|(sources, reckoning)| {
            let (numerator, denominator) = sources.as_ref()?;
            Some(Values {
                numerator: numerator.as_ref().and_then(grid),
                denominator: denominator.as_ref().and_then(grid),
                scale: reckoning.scale,
            })
        });
        Measured {
            geography: Arc::clone(&self.geography),
            moments: Arc::clone(&frame.moments),
            basis: self.basis.clone(),
            indicators: indicators.collect(),
            unplaced: Arc::clone(&self.unplaced),
        }
    }
}

/// Where the values of a formula will stand. Aggregates that were asked for before are not asked for again.
fn source(
    formula: &Outer,
    folds: &mut Vec<Fold>,
    derived: &mut Vec<Derived>,
    frame: &Frame,
    tree: Tree<'_>,
) -> Source {
    let mut found = Vec::new();
    formula.each_aggregate(&mut |aggregate| {
        let known = folds.iter().position(|fold| fold.aggregate == *aggregate);
        found.push(known.unwrap_or_else(|| {
            let method = Method::of(aggregate, &frame.catalogue);
            folds.push(Fold::new(aggregate, method, tree));
            folds.len() - 1
        }));
    });
    if let (Outer::Aggregate(_), [fold]) = (formula, found.as_slice()) {
        return Source::Fold(*fold);
    }
    let grid = Arc::new(Grid::from_values(tree.geography.len(), std::iter::empty()));
    derived.push(Derived { tree: formula.clone(), folds: found, grid });
    Source::Derived(derived.len() - 1)
}

/// Visits every word in an expression.
fn each_text(row: &Row, visit: &mut dyn FnMut(&str)) {
    if let Row::Text(word) = row {
        visit(word);
    }
    row.each_part(&mut |part| each_text(part, visit));
}

/// The rows of an organisation before and now, by unit.
fn turns<'s>(
    before: &Layout<'_>,
    now: &'s Layout<'_>,
    stretches: &[Stretch<'s>],
    organisation: u32,
) -> Vec<Turn> {
    let mut turns: BTreeMap<usize, Turn> = BTreeMap::new();
    let (stretches_before, _) = before.stretches(std::iter::once(organisation));
    let mut each = |layout: &Layout<'_>, stretches: &[Stretch<'_>], is_before: bool| {
        for own in stretches.chunk_by(|one, other| one.unit == other.unit) {
            let Some(unit) = own.first().map(|first| wide(first.unit)) else { continue };
            let turn = turns.entry(unit).or_insert(Turn { unit, before: None, after: None });
            let place = if is_before { &mut turn.before } else { &mut turn.after };
            *place = Some(layout.fill(own, 1));
        }
    };
    each(before, &stretches_before, true);
    each(now, stretches, false);
    turns.into_values().collect()
}
