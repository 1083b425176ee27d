//! What is made in the background of what is shown: forecasts, and what somebody should look at.
//!
//! A forecast takes a core for a second, and one filing after the other would take it from the pages for good. So forecasts
//! are made one after the other and with rests, for what is shown by then; meanwhile pages show the last ones made, which say
//! of which ledger position they are. Filings that change no figure change no forecast.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hoptac_engine::board::{Board, Question};
use hoptac_engine::task::proposals;
use hoptac_engine::{alert, forecast};
use hoptac_model::alert::Alert;
use hoptac_model::forecast::Forecasts;
use hoptac_model::pack::Pack;
use hoptac_model::shared::Shared;
use hoptac_model::task::{Proposal, TaskFiling};
use jiff::Timestamp;
use jiff::civil::Date;

use super::behind::behind;
use super::{App, KEPT, Published};

/// How many times as long as it worked the background rests, so that it takes at most a fifth of one core.
const REST: u32 = 4;
/// The longest rest.
const MOST_REST: Duration = Duration::from_secs(5);

/// Forecasts, and what somebody should look at.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    forecasts: Mutex<VecDeque<Made>>,
    /// Who holds it makes forecasts.
    pub(super) making: tokio::sync::Mutex<()>,
    /// Until when forecasts that replace others wait.
    rests: Mutex<Option<Timestamp>>,
    watch: Mutex<Watching>,
}

/// The forecasts of a board, or the promise that they are being made.
#[derive(Debug)]
struct Made {
    asked: Asked,
    plan: Option<Shared<Pack>>,
    forecasts: Option<Arc<Forecasts>>,
}

/// What forecasts are of: boards that answer the same question by the same figures have the same.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Asked {
    question: Question,
    figures_since: u64,
}

/// What somebody should look at in a published state: computed once for it and its day, never while a page is drawn.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    /// The ledger position that it was computed from.
    pub(crate) position: u64,
    /// Its day.
    pub(crate) day: Date,
    /// The alerts.
    pub(crate) alerts: Vec<Alert>,
    /// The tasks that the figures show done.
    pub(crate) proposals: Vec<Proposal>,
    basis: Basis,
}

/// What a watch follows from: while this stays, so does the watch.
#[derive(Clone, Debug)]
struct Basis {
    day: Date,
    figures_since: u64,
    tasks: Shared<Vec<TaskFiling>>,
    /// The ledger positions of the last forecasts of the day and of the day that they are compared with.
    forecasts: [Option<u64>; 2],
}

impl Basis {
    fn is(&self, other: &Self) -> bool {
        let of = |basis: &Self| (basis.day, basis.figures_since, basis.forecasts);
        of(self) == of(other) && self.tasks.is_one_with(&other.tasks)
    }
}

/// The watch that was computed last, and whether one is being computed.
#[derive(Debug, Default)]
struct Watching {
    last: Option<Arc<Watch>>,
    is_making: bool,
}

impl Watching {
    /// Whether the last watch still is what follows; without a plan nothing does.
    fn is_fresh(&self, wanted: Option<&Basis>) -> bool {
        wanted.is_none_or(|wanted| self.last.as_ref().is_some_and(|last| last.basis.is(wanted)))
    }
}

impl Ahead {
    fn forecasts(&self) -> MutexGuard<'_, VecDeque<Made>> {
        self.forecasts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watching(&self) -> MutexGuard<'_, Watching> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last forecasts for a question that may stand in for those of a state.
    fn last(&self, published: &Published, question: Question) -> Option<Arc<Forecasts>> {
        let all = self.forecasts();
        let is_plan = |one: &Made| match (&one.plan, &published.pack) {
            (Some(one), Some(shown)) => one.is_one_with(shown),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let fits = |one: &&Made| {
            let since = one.asked.figures_since;
            // An earlier state is asked for to see what was known then, and not before.
            let stands_in =
                since < published.figures_since && !published.is_earlier && is_plan(one);
            one.forecasts.is_some()
                && one.asked.question == question
                && (since == published.figures_since || stands_in)
        };
        let fitting = all.iter().filter(fits).max_by_key(|one| one.asked.figures_since)?;
        fitting.forecasts.clone()
    }

    /// How long forecasts that replace others have to wait yet.
    fn rest(&self, now: Timestamp) -> Option<Duration> {
        let rests = self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes no rest longer than the longest.
        rests.map(|until| between(now, until).min(MOST_REST))
    }
}

/// The time from one moment to a later one; nothing where it is not later.
fn between(from: Timestamp, until: Timestamp) -> Duration {
    Duration::try_from(until.duration_since(from)).unwrap_or_default()
}

/// How long to rest after some work.
fn rest_after(work: Duration) -> Duration {
    work.saturating_mul(REST).min(MOST_REST)
}

impl App {
    /// The forecasts of a board, and while they are being made, the last ones of the same question; none before the first.
    /// Who asks first has them made in the background and does not wait.
    pub(crate) fn forecasts(
        &self,
        published: &Arc<Published>,
        board: &Arc<Board>,
    ) -> Option<Arc<Forecasts>> {
        let question = board.question();
        let asked = Asked { question, figures_since: published.figures_since };
        let mut all = self.0.ahead.forecasts();
        if !all.iter().any(|one| one.asked == asked) {
            // What was promised for the state before is not waited for any longer.
            all.retain(|one| one.forecasts.is_some() || one.asked.question != question);
            all.push_front(Made { asked, plan: published.pack.clone(), forecasts: None });
            all.truncate(KEPT);
            // Who waits for its turn holds neither: after many filings there would be as many states of them.
            let (app, state, board) =
                (self.clone(), Arc::downgrade(published), Arc::downgrade(board));
            tokio::spawn(async move { app.make_forecasts(state, board, asked).await });
        }
        drop(all);
        self.0.ahead.last(published, question)
    }

    fn now(&self) -> Timestamp {
        (self.0.edge.now)()
    }

    async fn make_forecasts(&self, published: Weak<Published>, board: Weak<Board>, asked: Asked) {
        let ahead = &self.0.ahead;
        let last = |state: Arc<Published>| ahead.last(&state, asked.question);
        let replaces = published.upgrade().and_then(last).is_some();
        if replaces && let Some(rest) = ahead.rest(self.now()) {
            tokio::time::sleep(rest).await;
        }
        let _turn = ahead.making.lock().await;
        if !ahead.forecasts().iter().any(|one| one.asked == asked) {
            return;
        }
        // A later state may say the same.
        let shown = Some(self.published()).filter(|one| one.figures_since == asked.figures_since);
        let Some(published) = published.upgrade().or(shown) else {
            ahead.forecasts().retain(|one| one.asked != asked || one.forecasts.is_some());
            return;
        };
        let board = match board.upgrade() {
            Some(board) => board,
            None => self.board(&published, asked.question).await,
        };
        let (state, began) = (Arc::clone(&published), self.now());
        let made = behind(move || {
            forecast::compute(&board, &state.register, &state.places, forecast::SEED)
        });
        let Some(made) = made.await else { return };
        let ended = self.now();
        let until = ended.saturating_add(rest_after(between(began, ended))).unwrap_or(ended);
        *ahead.rests.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        let mut all = ahead.forecasts();
        let is_replaced = |one: &Made| {
            one.asked == asked
                || one.asked.question == asked.question
                    && one.forecasts.is_some()
                    && one.asked.figures_since < asked.figures_since
        };
        all.retain(|one| !is_replaced(one));
        all.push_front(Made {
            asked,
            plan: published.pack.clone(),
            forecasts: Some(Arc::new(made)),
        });
        all.truncate(KEPT);
    }

    /// What somebody should look at today. While a newer one is being computed, the last one; none before the first.
    pub(crate) fn watch(&self) -> Option<Arc<Watch>> {
        let published = self.published();
        let basis = self.basis(&published);
        let mut watching = self.0.ahead.watching();
        let last = watching.last.clone();
        if !watching.is_making && !watching.is_fresh(basis.as_ref()) {
            watching.is_making = true;
            let app = self.clone();
            tokio::spawn(async move { app.make_watches().await });
        }
        last
    }

    /// What the watch of a state follows from; none without a plan.
    fn basis(&self, published: &Published) -> Option<Basis> {
        let geography = published.pack.as_ref()?.setting.geography;
        let day = self.today();
        let forecasts = [day, alert::day_before(day)].map(|as_of| {
            let last = self.0.ahead.last(published, Question { as_of, geography });
            last.map(|made| made.ledger_position)
        });
        let (figures_since, tasks) = (published.figures_since, published.tasks.clone());
        Some(Basis { day, figures_since, tasks, forecasts })
    }

    /// Computes what somebody should look at until nothing changes any more.
    async fn make_watches(&self) {
        loop {
            let began = self.now();
            let made = self.make_watch().await;
            tokio::time::sleep(rest_after(between(began, self.now()))).await;
            let wanted = self.basis(&self.published());
            let mut watching = self.0.ahead.watching();
            if made.is_none() || watching.is_fresh(wanted.as_ref()) {
                watching.is_making = false;
                return;
            }
        }
    }

    async fn make_watch(&self) -> Option<()> {
        let (published, day) = (self.published(), self.today());
        let geography = published.pack.as_ref()?.setting.geography;
        let board = self.board(&published, Question { as_of: day, geography }).await;
        let earlier = Question { as_of: alert::day_before(day), geography };
        let earlier = self.board(&published, earlier).await;
        let forecasts = self.forecasts_made(&published, &board).await;
        let before = self.forecasts_made(&published, &earlier).await;
        let basis = Basis {
            day,
            figures_since: published.figures_since,
            tasks: published.tasks.clone(),
            forecasts: [&forecasts, &before].map(|made| Some(made.as_ref()?.ledger_position)),
        };
        let made = behind(move || {
            let tasks = hoptac_model::task::fold(&published.tasks, day);
            let plan = published.pack.as_deref()?;
            let (register, places) = (&published.register, &*published.places);
            let proposals = proposals(&board, register, places, tasks.values());
            let sources = alert::Sources {
                board: &board,
                forecasts: forecasts.as_deref(),
                before: before.as_deref(),
                register,
                places,
                plan,
                tasks: &tasks,
            };
            let (position, alerts) = (register.position, alert::alerts(sources));
            Some(Watch { position, day, alerts, proposals, basis })
        });
        let watch = made.await??;
        self.0.ahead.watching().last = Some(Arc::new(watch));
        Some(())
    }

    /// The forecasts of a board, waiting until there are any; none where that takes too long.
    async fn forecasts_made(
        &self,
        published: &Arc<Published>,
        board: &Arc<Board>,
    ) -> Option<Arc<Forecasts>> {
        for _ in 0..1200 {
            if let Some(made) = self.forecasts(published, board) {
                return Some(made);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        None
    }
}
