//! A value for every unit and moment, in small blocks that boards share until one of them changes.

use std::sync::Arc;

use hoptac_model::packed::{Input, Output, Packed};

/// How many values a block has. A filing changes a handful of places a year, and every block that it touches is copied.
const BLOCK: usize = 256;

/// A value for every unit and moment; what is not a number is missing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid {
    units: usize,
    blocks: Vec<Arc<[f64; BLOCK]>>,
}

impl Packed for Grid {
    fn shape(shape: &mut String) {
        shape.push_str("Grid:");
        <(usize, Vec<f64>)>::shape(shape);
    }

    fn write(&self, out: &mut Output<'_>) {
        self.units.write(out);
        self.blocks.len().write(out);
        for block in &self.blocks {
            f64::write_all(&**block, out);
        }
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let (units, count) = (usize::read(input)?, usize::read(input)?);
        let blocks = (0..count).map(|_| {
            let block: [f64; BLOCK] = f64::read_all(BLOCK, input)?.try_into().ok()?;
            Some(Arc::new(block))
        });
        Some(Self { units, blocks: blocks.collect::<Option<_>>()? })
    }
}

impl Grid {
    /// A grid from values by moment, then unit.
    pub(crate) fn from_values(units: usize, values: impl Iterator<Item = Option<f64>>) -> Self {
        let mut blocks = Vec::new();
        let mut values = values.map(|value| value.unwrap_or(f64::NAN)).peekable();
        while values.peek().is_some() {
            let mut block = [f64::NAN; BLOCK];
            block.iter_mut().zip(values.by_ref()).for_each(|(place, value)| *place = value);
            blocks.push(Arc::new(block));
        }
        Self { units, blocks }
    }

    /// The value of a unit at a moment.
    pub(crate) fn value(&self, moment: usize, unit: usize) -> Option<f64> {
        let at = moment * self.units + unit;
        let value = self.blocks.get(at / BLOCK)?.get(at % BLOCK)?;
        (unit < self.units && value.is_finite()).then_some(*value)
    }

    /// Puts a value in the place of another.
    pub(crate) fn set(&mut self, moment: usize, unit: usize, value: Option<f64>) {
        let at = moment * self.units + unit;
        if let Some(block) = self.blocks.get_mut(at / BLOCK)
            && let Some(place) = Arc::make_mut(block).get_mut(at % BLOCK)
        {
            *place = value.unwrap_or(f64::NAN);
        }
    }
}
