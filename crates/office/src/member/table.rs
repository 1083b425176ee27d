//! A roll as a table to take away: masked for everybody who may see it, in clear for who has filed why.

use hoptac_model::sheet::member::{Shown, Whose, table};
use hoptac_model::sheet::table::SheetTable;

use super::reading::{MaskedRoll, Opened};

/// The table of a masked roll: names and numbers as the pages show them. It can be edited and imported again: a masked cell
/// stands for what it masks.
pub fn masked_table(whose: &Whose<'_>, roll: &MaskedRoll) -> SheetTable {
    let rows = roll.members.iter().map(|listed| {
        let masked = listed.identity.as_ref();
        let shown = Shown {
            name: masked.map(|masked| masked.name.clone()),
            number: masked.and_then(|masked| masked.number.clone()),
            ..Shown::default()
        };
        (listed.span.entry.member, &listed.span.entry, listed.since, shown)
    });
    table(whose, rows)
}

/// The table of a roll that was opened.
pub fn opened_table(whose: &Whose<'_>, members: &[Opened]) -> SheetTable {
    let rows = members.iter().map(|opened| {
        let identity = opened.identity.as_ref();
        let shown = Shown {
            name: identity.map(|identity| identity.name.clone()),
            number: identity.and_then(|identity| identity.number.clone()),
            born: identity.and_then(|identity| identity.born),
            phone: identity.and_then(|identity| identity.phone.clone()),
            address: identity.and_then(|identity| identity.address.clone()),
            marks: opened.marks.clone().unwrap_or_default(),
        };
        (opened.span.entry.member, &opened.span.entry, opened.since, shown)
    });
    table(whose, rows)
}
