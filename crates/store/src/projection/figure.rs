//! Published figures; one published again under its name takes the place of the one before.

use std::collections::BTreeMap;

use hoptac_model::filing::{FiguresPublish, Filing};
use sqlx::AnyConnection;

use super::json;
use crate::Error;
use crate::table::{FIGURE, Value, number};

/// Figures are published.
pub(super) async fn publish(
    connection: &mut AnyConnection,
    filing: &Filing,
    body: &FiguresPublish,
) -> Result<(), Error> {
    let figures: BTreeMap<_, _> = body.figures.iter().map(|figure| (&figure.id, figure)).collect();
    let mut rows = Vec::with_capacity(figures.len());
    for figure in figures.into_values() {
        rows.push([
            Value::from(figure.id.as_str()),
            figure.indicator.as_str().into(),
            figure.unit.as_str().into(),
            figure.as_of.into(),
            json(filing, figure)?.into(),
            number(filing.position).into(),
        ]);
    }
    FIGURE.put(connection, &rows).await
}
