//! Views of lists that people keep for themselves: no filing, and so without a trace in the ledger.

use hoptac_model::account::AccountName;
use hoptac_store::{Error, KeptView, Store};

/// The lists of which views can be kept.
pub const LISTS: [&str; 5] = ["/dang-ky", "/bang-chi-tieu", "/ban-do", "/chuoi", "/xep-loai"];
/// How many views an account keeps at most.
pub const MOST: i64 = 60;
/// The most letters of a name.
const NAME_MAX: usize = 60;
/// The most bytes of what is asked of a list.
const QUERY_MAX: usize = 1500;

/// Why a view was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// It has no name, or one that is too long or not on one line.
    #[error("a view needs a name of at most {NAME_MAX} letters on one line")]
    Name,
    /// There is no such list, or what is asked of it is too much.
    #[error("there is no list `{0}` of which views can be kept")]
    List(String),
    /// There are too many.
    #[error("an account keeps at most {MOST} views; drop one that is not needed")]
    TooMany,
    /// The store failed.
    #[error("keeping a view")]
    Keep(#[source] Error),
}

/// Keeps a view under its name; one of the same list and name gives way.
pub async fn keep(store: &Store, account: &AccountName, view: KeptView) -> Result<(), ViewError> {
    let name = view.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(ViewError::Name);
    }
    if !LISTS.contains(&view.path.as_str())
        || view.query.len() > QUERY_MAX
        || !view.query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
    {
        return Err(ViewError::List(view.path));
    }
    let kept = store.keep_view(account, &KeptView { name, ..view }, MOST).await;
    if kept.map_err(ViewError::Keep)? { Ok(()) } else { Err(ViewError::TooMany) }
}

/// Drops a view.
pub async fn drop(
    store: &Store,
    account: &AccountName,
    path: &str,
    name: &str,
) -> Result<(), Error> {
    store.drop_view(account, path, name).await
}
