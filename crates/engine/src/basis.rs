//! What the facts of a board are made of.
//!
//! A board holds its figures. Its facts are many times as large and are laid out where somebody asks for them: unit by unit while
//! formulas are evaluated, and again, as few columns and moments as it takes, for the units whose records are shown.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use hoptac_model::blocks::Blocks;
use hoptac_model::register::Register;
use hoptac_model::unit::Places;

use crate::board::Frame;
use crate::facts::{Dictionary, Facts, Moment};
use crate::geography::Geography;
use crate::layout::{Ground, Layout, Partners};

/// What facts are made of. Copies share all of it.
#[derive(Clone, Debug)]
pub(crate) struct Basis {
    pub(crate) register: Arc<Register>,
    pub(crate) places: Places,
    pub(crate) dictionary: Arc<Dictionary>,
    /// The organisations that have a row in each unit at any of the moments, in order.
    pub(crate) residents: Blocks<Vec<u32>>,
}

/// What is asked of a basis: which columns, at which moments.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) geography: &'a Geography,
    pub(crate) moments: &'a Arc<[Moment]>,
    pub(crate) wanted: &'a [bool],
}

impl Ask<'_> {
    /// Whether a column is asked for.
    pub(crate) fn names(&self, column: &str) -> bool {
        let found = self.frame.catalogue.find(column);
        found.is_some_and(|(index, _)| self.wanted.get(index) == Some(&true))
    }
}

impl Basis {
    /// The facts that are asked for, each unit's laid out once somebody looks at it. Partners have numbers of their own there,
    /// which nobody is shown.
    pub(crate) fn sheets<'a>(&'a self, ask: Ask<'a>) -> Sheets<'a> {
        let partners = if ask.names("main_partner") {
            Partners::new(&self.register, |_, _| {})
        } else {
            Partners::default()
        };
        Sheets {
            layout: self.layout(&self.register, ask, Arc::new(partners)),
            residents: &self.residents,
            facts: vec![OnceCell::new(); ask.geography.len()],
        }
    }

    /// Lays out a register on these places.
    pub(crate) fn layout<'a>(
        &'a self,
        register: &'a Register,
        ask: Ask<'a>,
        partners: Arc<Partners>,
    ) -> Layout<'a> {
        let ground = Ground {
            register,
            places: &self.places,
            geography: ask.geography,
            catalogue: &ask.frame.catalogue,
            practices: &ask.frame.pack.practices,
            wanted: ask.wanted,
            moments: ask.moments,
            as_of: ask.frame.question.as_of,
        };
        Layout::with(&ground, Arc::clone(&self.dictionary), partners)
    }
}

/// The facts of units, each laid out once it is asked for.
pub(crate) struct Sheets<'a> {
    layout: Layout<'a>,
    residents: &'a Blocks<Vec<u32>>,
    /// By unit; none where it has no rows of its own.
    facts: Vec<OnceCell<Option<Facts>>>,
}

impl Sheets<'_> {
    /// The facts of some units that stand one behind the other, each with its rows at a moment.
    pub(crate) fn rows(
        &self,
        moment: usize,
        units: Range<usize>,
    ) -> impl Iterator<Item = (&Facts, Range<usize>)> {
        let facts = units.filter_map(|unit| {
            let residents = self.residents.get(unit)?;
            let laid_out = || self.layout.facts_of(unit, residents);
            self.facts.get(unit)?.get_or_init(laid_out).as_ref()
        });
        facts.map(move |facts| (facts, facts.run(moment, 0..1)))
    }
}
