//! The interface for programs, `/api/v1`: the data of every page as JSON, and filings.
//!
//! Each address is an [`operation::Operation`]: what it needs (by the table of authority), which parameters it takes and what
//! it gives. The routes, the checks of what is asked, the `OpenAPI` description (`document`) and the page for readers
//! (`reader`) are all made from these declarations and from the types that are sent.

pub(crate) mod answers;
pub(crate) mod bearer;
pub(crate) mod call;
mod change;
mod cursor;
pub(crate) mod document;
mod edition;
mod filing;
mod import;
mod indicator;
pub(crate) mod limit;
pub(crate) mod operation;
mod organisation;
pub(crate) mod parameter;
mod plan;
pub(crate) mod problem;
pub(crate) mod reader;
mod record;
mod reply;
mod scoreboard;
pub(crate) mod sight;
mod strict;
mod task;
mod text;
mod token;
mod unit;

use self::operation::{Api, Operation};

/// Where the interface begins.
pub(crate) const ROOT: &str = "/api/v1";

/// Everything that the interface does.
pub(crate) fn interface() -> Api {
    let api = task::operations(plan::operations(Api::new()));
    let api = scoreboard::operations(indicator::operations(api));
    let api = unit::operations(organisation::operations(api));
    let api = change::operations(filing::operations(record::operations(api)));
    let api = edition::operations(import::operations(api));
    let api = token::operations(api);
    document::operations(api)
}

/// The methods that an address of the table of routes takes.
fn methods(address: &str) -> &'static [&'static str] {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;

    static TAKEN: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
        let mut taken: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for described in interface().described {
            let Operation { method, path, .. } = described.operation;
            taken.entry(absolute(path)).or_default().push(method);
        }
        for methods in taken.values_mut() {
            methods.sort_unstable();
        }
        taken
    });
    TAKEN.get(address).map_or(&[], Vec::as_slice)
}

/// The whole address of a path. The table of routes keeps addresses for as long as the program runs, and every path is asked
/// for once a router is made, so that each is made once.
fn absolute(path: &'static str) -> &'static str {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, PoisonError};

    static MADE: Mutex<BTreeMap<&'static str, &'static str>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(path).or_insert_with(|| String::leak(format!("{ROOT}{path}")))
}
