//! Long work on a spreadsheet for which its sender waits: how far it is, told as it goes, and that it is to stop.
//!
//! A page names the work by a key of its own making. Whoever began it asks how far it is and may stop it; since it is one
//! transaction, nothing of it is left then.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use hoptac_model::filing::FilingKind;
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use crate::app::App;
use crate::error::PageResult;
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// So often is told how far it is.
const BETWEEN: Duration = Duration::from_millis(200);
/// So often is looked whether the work has begun, and so many times.
const LOOKS: u32 = 25;
/// A key is no longer than this.
const KEY_MAX: usize = 64;

/// How far work is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Far {
    /// Whether rows are held against the register; before that they are only read.
    judges: bool,
    done: usize,
    total: Option<usize>,
}

/// Work for which somebody waits.
#[derive(Debug)]
pub(crate) struct Work {
    far: watch::Sender<Far>,
    stop: Notify,
}

impl Work {
    /// So many rows have been read.
    pub(crate) fn read(&self, done: usize) {
        self.far.send_replace(Far { judges: false, done, total: None });
    }

    /// So many of all rows have been held against the register.
    pub(crate) fn judged(&self, done: usize, total: usize) {
        self.far.send_replace(Far { judges: true, done, total: Some(total) });
    }

    /// Ends when somebody wants it to stop.
    pub(crate) async fn stopped(&self) {
        self.stop.notified().await;
    }
}

/// What is being worked on, by account and key.
#[derive(Debug, Default)]
pub(crate) struct Underway(Mutex<HashMap<(String, String), Arc<Work>>>);

/// Work from its begin to its end.
pub(crate) struct Begun<'u> {
    all: &'u Underway,
    name: (String, String),
    work: Arc<Work>,
}

impl Begun<'_> {
    /// The work itself, for whoever does it elsewhere.
    pub(crate) fn work(&self) -> Arc<Work> {
        Arc::clone(&self.work)
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(&self.name).is_some_and(|work| Arc::ptr_eq(work, &self.work)) {
            all.remove(&self.name);
        }
    }
}

impl Underway {
    /// Begins work that a page has named; without a name nobody asks after it.
    pub(crate) fn begin(&self, account: &str, key: Option<&str>) -> Begun<'_> {
        let work = Arc::new(Work { far: watch::Sender::new(Far::default()), stop: Notify::new() });
        let key = key.filter(|key| key.len() <= KEY_MAX).unwrap_or_default();
        let name = (account.to_owned(), key.to_owned());
        if !key.is_empty() {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.insert(name.clone(), Arc::clone(&work));
        }
        Begun { all: self, name, work }
    }

    fn find(&self, name: &(String, String)) -> Option<Arc<Work>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The work of a name, which may be about to begin.
    async fn wait(&self, name: &(String, String)) -> Option<watch::Receiver<Far>> {
        for _ in 0..LOOKS {
            if let Some(work) = self.find(name) {
                return Some(work.far.subscribe());
            }
            sleep(BETWEEN).await;
        }
        None
    }
}

/// The pages, with what a visitor needs for each.
pub(crate) fn routes(routes: Routes) -> Routes {
    let take = Need::File(FilingKind::ImportTake);
    routes.get("/nhap-lieu/viec/{id}", take, told).post("/nhap-lieu/viec/{id}/dung", take, stop)
}

/// Tells how far work is until it ends, as server-sent events.
async fn told(State(app): State<App>, Id(key): Id, ask: Ask) -> PageResult {
    let name = (crate::import::account(&ask), key);
    let Some(far) = app.underway().wait(&name).await else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let events = stream::unfold((app, name, far), |(app, name, mut far)| async move {
        sleep(BETWEEN).await;
        if far.changed().await.is_err() {
            // One step has ended; another of the same name may follow.
            far = app.underway().wait(&name).await?;
        }
        let now = *far.borrow_and_update();
        let told = json!({"judges": now.judges, "done": now.done, "total": now.total});
        Some((Ok::<_, Infallible>(Event::default().data(told.to_string())), (app, name, far)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

/// Stops work.
async fn stop(State(app): State<App>, Id(key): Id, ask: Ask) -> Response {
    if let Some(work) = app.underway().find(&(crate::import::account(&ask), key)) {
        work.stop.notify_one();
    }
    StatusCode::NO_CONTENT.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_found_by_its_name_as_long_as_it_lasts() {
        let all = Underway::default();
        let name = ("xa".to_owned(), "a".to_owned());
        {
            let begun = all.begin("xa", Some("a"));
            begun.work().judged(3, 9);
            let far = *all.wait(&name).await.unwrap().borrow();
            assert_eq!(far, Far { judges: true, done: 3, total: Some(9) });
            assert!(all.find(&("huyen".to_owned(), "a".to_owned())).is_none());
            all.find(&name).unwrap().stop.notify_one();
            begun.work().stopped().await;
        }
        assert!(all.find(&name).is_none());
        let nameless = all.begin("xa", None);
        nameless.work().read(1);
        assert!(all.0.lock().unwrap().is_empty());
    }
}
