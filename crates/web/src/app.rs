//! What all pages share: the published state behind an atomic pointer, and the boards computed from it.
//!
//! Pages never compute. After a filing, and whenever a background task sees that the ledger has moved, the next state is
//! published as a whole. Where filings changed single organisations, only these are read, and boards follow from the facts
//! that are kept; what else filings may have changed, `model::filing::touch` says by their kind, and then everything is read.
//! Whatever a filing leaves as it was, the next state shares with the one before: most filings change no figure, and then all
//! boards, forecasts and what pages had worked out stay. Facts of today and of the days that were asked for last are kept
//! (`standing`); forecasts and alerts are made in the background, in turn and with rests between, and pages show the last ones
//! until then (`ahead`). Register and facts are written beside the database now and then, so that the next start is quick
//! (`snapshot`).

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use arc_swap::ArcSwap;
use hoptac_engine::board::{Board, Question};
use hoptac_engine::disclosure::Disclosure;
use hoptac_engine::kept;
use hoptac_engine::support::Outcome;
use hoptac_model::alert::AlertFiling;
use hoptac_model::boundary::{Boundary, Rings};
use hoptac_model::ids::FilingId;
use hoptac_model::law::Law;
use hoptac_model::open_data::OpenData;
use hoptac_model::pack::Pack;
use hoptac_model::plan_check::{self, PlanFinding};
use hoptac_model::register::Register;
use hoptac_model::shared::Shared;
use hoptac_model::support::Programme;
use hoptac_model::task::TaskFiling;
use hoptac_model::unit::{Places, Unit};
use hoptac_office::key::Token;
use hoptac_report::preview::Preview;
use hoptac_store::{Changes, Store};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::api::answers::Answers;
use crate::api::bearer::Bearers;
use crate::api::limit::{Limiter, PER_MINUTE};
use crate::boundary::Held;
use crate::door::Entrance;
use crate::entry::{Completeness, Days, Entries};
use crate::error::PageError;
use crate::grade;
use crate::history::{self, Histories};
use crate::import::LookedOver;
use crate::language::Voice;
use crate::names::Names;
use crate::public::PublicSide;
use crate::public::feedback::Lately;
use crate::query::Ask;
use crate::shelf::Shelf;
use crate::support;
use crate::underway::Underway;

mod ahead;
mod behind;
mod snapshot;
mod standing;

pub(crate) use ahead::Watch;

use ahead::Ahead;
use snapshot::{Snapshots, Stamp};
use standing::{Standing, next, next_of_plan};

/// How many boards are kept besides those of today.
const KEPT: usize = 24;
/// How many earlier states are kept.
const EARLIER: usize = 4;
/// How many filings are followed one by one, at least; after more, everything is read.
const FOLLOWED: u32 = 64;
/// Of so many organisations, one filing more is followed: the more there are, the longer it takes to read them all.
const FOLLOWED_OF: usize = 64;
/// How often the ledger is asked whether it has moved.
const POLL: Duration = Duration::from_millis(500);
/// How long a snapshot is good enough.
const SNAPSHOT_TIME: Duration = Duration::from_mins(10);
/// How often it is looked whether one is to be written.
const SNAPSHOT_POLL: Duration = Duration::from_secs(2);
/// How many filings a server that stops leaves to the next start at most, which takes in a thousand in a second; in tests none.
const LEFT_BEHIND: u64 = if cfg!(debug_assertions) { 0 } else { 64 };

/// Everything that pages read, at one ledger position. Never changed after it was published; states share what none of the
/// filings between them changed.
#[derive(Debug, Default)]
pub struct Published {
    /// The register.
    pub register: Register,
    /// The places.
    pub places: Shared<Places>,
    /// The plan, once one was adopted.
    pub pack: Option<Shared<Pack>>,
    /// The text of the plan's document, once it was attached.
    pub text: Option<Shared<String>>,
    /// What does not go together in the plan.
    pub findings: Shared<Vec<PlanFinding>>,
    /// The support programmes that were opened by filings.
    pub programmes: Shared<Vec<Programme>>,
    /// What was filed about tasks, the plan's own among them.
    pub tasks: Shared<Vec<TaskFiling>>,
    /// What was filed about alerts.
    pub cares: Shared<Vec<AlertFiling>>,
    /// The ledger position since which nothing that figures follow from has changed.
    pub(crate) figures_since: u64,
    /// Whether it is the state of a position that somebody asked for, and not the newest when it was read.
    pub(crate) is_earlier: bool,
    /// What the ledger knows of its organisations, once that was read.
    pub(crate) histories: OnceLock<Histories>,
    /// What pages asked of this state and was worked out for them.
    pub(crate) kept: Arc<Shelves>,
    /// What is given to everybody as open data on a day, by the fewest organisations that a figure may be over.
    pub(crate) open_data: Shelf<(Date, usize), OpenData>,
    /// What programs asked of this state that is the same for all.
    pub(crate) answers: Answers,
}

/// What is kept beside a published state, and beside the next ones until the register changes.
#[derive(Debug, Default)]
pub(crate) struct Shelves {
    /// Every organisation on a day, with what should be looked at.
    pub(crate) entries: Shelf<Days, Entries>,
    /// The names of all organisations, as they are searched and sorted by.
    pub(crate) names: Shelf<(), Names>,
    /// Which returns came, by commune and year.
    pub(crate) completeness: Shelf<Days, Completeness>,
    /// Who may get support of a programme on a day.
    pub(crate) eligible: Shelf<support::Question, Vec<support::Judged>>,
    /// Before and after for those that were paid under a programme by a day.
    pub(crate) outcomes: Shelf<support::Question, Vec<Outcome>>,
    /// What of today's board everybody may not see, by the fewest organisations that a figure may be over.
    pub(crate) disclosures: Shelf<(Question, usize), Disclosure>,
    /// The pictures that other sites show beside a link, by what is on them.
    pub(crate) previews: Shelf<Preview, Option<Vec<u8>>>,
    /// The grades of a year read by another ruleset.
    pub(crate) rescored: Shelf<grade::Question, Vec<grade::Reread>>,
}

impl Published {
    /// What the law asks, by the plan; without one, what the program carries.
    pub(crate) fn law(&self) -> &Law {
        self.pack.as_deref().map_or_else(|| Law::shipped(), |pack| &pack.law)
    }

    /// The names of all organisations.
    pub(crate) fn names(&self) -> Arc<Names> {
        self.kept.names.read((), |()| Names::of(&self.register))
    }

    /// A state to be published, with the plan checked as of a day.
    pub fn of(
        register: Register,
        places: Places,
        pack: Option<Pack>,
        text: Option<String>,
        day: Date,
    ) -> Self {
        let question =
            |pack| plan_check::Question { pack, places: Some(&places), figures: true, day };
        let findings =
            pack.as_ref().map_or_else(Vec::new, |pack| plan_check::check(&question(pack)));
        Self {
            figures_since: register.position,
            register,
            places: places.into(),
            pack: pack.map(Shared::from),
            text: text.map(Shared::from),
            findings: findings.into(),
            ..Self::default()
        }
    }

    /// The state after some filings that changed places, plan or programmes, which were read anew; none where everything has
    /// to be read. Nothing that was worked out is kept.
    fn after_plan(&self, changes: Changes, besides: Self) -> Option<Self> {
        let mut state = Self { register: self.register.clone(), ..besides };
        state.take_in(changes)?;
        state.figures_since = state.register.position;
        Some(state.sharing_with(self))
    }

    /// The state after some filings, and the organisations that they changed; none where they concern others too.
    fn after(&self, changes: Changes) -> Option<(Self, Vec<u32>)> {
        let mut state = Self {
            register: self.register.clone(),
            places: self.places.clone(),
            pack: self.pack.clone(),
            text: self.text.clone(),
            findings: self.findings.clone(),
            programmes: self.programmes.clone(),
            tasks: self.tasks.clone(),
            cares: self.cares.clone(),
            figures_since: self.figures_since,
            is_earlier: false,
            histories: OnceLock::new(),
            kept: Arc::clone(&self.kept),
            open_data: Shelf::default(),
            answers: Answers::default(),
        };
        let (versions, lineage) = (changes.versions.clone(), changes.lineage);
        let organisations = state.take_in(changes)?;
        // From whom organisations came is read again once somebody asks.
        if !lineage && let Some(known) = self.histories.get() {
            state.histories = OnceLock::from(known.after(&state.register, &versions));
        }
        if state.register.says_as(&self.register) {
            // What was filed is in the ledger and changes nothing that pages work out.
            return Some((state, Vec::new()));
        }
        state.figures_since = state.register.position;
        state.kept = Arc::default();
        let entries =
            self.kept.entries.carried(|days, one| one.after(&state, days, &organisations));
        let names = self.kept.names.carried(|(), one| one.after(&state.register, &organisations));
        state.kept = Arc::new(Shelves { entries, names, ..Shelves::default() });
        let completeness = self
            .kept
            .completeness
            .carried(|days, one| one.after((self, &state), days, &organisations));
        // Entries are asked for while returns are counted, and are the same shelf afterwards.
        if let Some(kept) = Arc::get_mut(&mut state.kept) {
            kept.completeness = completeness;
        }
        Some((state, organisations))
    }

    /// Takes in some filings, and tells the organisations that they changed; none where they concern others too.
    fn take_in(&mut self, changes: Changes) -> Option<Vec<u32>> {
        let organisations = self.register.take_in_all(changes.position, changes.organisations);
        if let Some(tasks) = changes.tasks {
            self.tasks = tasks.into();
        }
        if let Some(cares) = changes.alerts {
            self.cares = cares.into();
        }
        organisations
    }

    /// The same, sharing with a state before what both say alike although everything was read.
    fn sharing_with(mut self, before: &Self) -> Self {
        if self.places == before.places {
            self.places = before.places.clone();
        }
        if self.pack == before.pack {
            self.pack.clone_from(&before.pack);
        }
        self
    }

    /// Reads everything from the ledger's projections.
    async fn read(store: &Store, day: Date) -> Result<Self, hoptac_store::Error> {
        let register = store.register().await?;
        let figures_since = register.position;
        Ok(Self { register, figures_since, ..Self::besides_the_register(store, day).await? })
    }

    /// Reads everything but the register.
    async fn besides_the_register(store: &Store, day: Date) -> Result<Self, hoptac_store::Error> {
        let state = Self::of(
            Register::default(),
            store.places().await?,
            store.plan().await?.map(|plan| plan.pack),
            store.plan_text().await?.map(|text| text.text),
            day,
        );
        Ok(Self {
            programmes: store.programmes().await?.into(),
            tasks: store.tasks().await?.into(),
            cares: store.alerts().await?.into(),
            ..state
        })
    }

    /// The unit whose plan it is.
    pub(crate) fn plan_unit(&self) -> Option<&Unit> {
        let setting = &self.pack.as_ref()?.setting;
        self.places.find(&setting.unit, setting.geography)
    }
}

/// What all pages share. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Desk>);

struct Desk {
    published: ArcSwap<Published>,
    boards: Mutex<VecDeque<Kept>>,
    /// Who holds it computes a board.
    computing: tokio::sync::Mutex<()>,
    /// The facts of boards. Who holds them publishes, one after the other.
    standing: tokio::sync::Mutex<Standing>,
    /// Forecasts and what somebody should look at.
    ahead: Ahead,
    /// States of earlier ledger positions, which editions ask for.
    earlier: Mutex<VecDeque<Arc<Published>>>,
    edge: Edge,
    /// Where documents that somebody reads are kept; none where the state never moves.
    store: Option<Store>,
    /// Outlines of units by their codes, where the operator has them.
    outlines: OnceLock<HashMap<String, Rings>>,
    /// Outlines that were loaded by filings.
    held: ArcSwap<Held>,
    /// Where people come in; none where there are no accounts.
    entrance: OnceLock<Entrance>,
    /// How many requests programs may make.
    limiter: OnceLock<Limiter>,
    /// Whether the histories of all organisations are being read.
    reads_histories: AtomicBool,
    bearers: Bearers,
    /// Spreadsheets that somebody waits for.
    underway: Underway,
    /// Spreadsheets that were looked over last.
    looked: Mutex<VecDeque<LookedOver>>,
    /// Whether the server is about to stop.
    stopping: AtomicBool,
    /// The snapshots of what is shown; none where there are none.
    snapshots: OnceLock<tokio::sync::Mutex<Keeping>>,
    /// What was set about the public side; none where there is none.
    public_side: OnceLock<PublicSide>,
    /// What was sent from the public side lately.
    lately: Lately,
}

/// What only the binary may ask for: the clock, chance, identities.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The time now.
    pub now: fn() -> Timestamp,
    /// The day it is in Viet Nam.
    pub today: fn() -> Date,
    /// Fills bytes so that nobody can guess them.
    pub chance: fn(&mut [u8]),
    /// An identity for a filing made at a time.
    pub filing_id: fn(Timestamp) -> FilingId,
}

impl Edge {
    /// Bytes of chance.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.chance)(&mut bytes);
        bytes
    }

    /// A token of chance.
    pub(crate) fn token(&self) -> Token {
        Token::new(self.bytes())
    }
}

/// A board with the state it was computed from.
struct Kept {
    question: Question,
    published: Arc<Published>,
    board: Arc<Board>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("position", &self.published().register.position).finish()
    }
}

impl App {
    /// Reads the store and follows its ledger for as long as the app lives. Must be called inside a tokio runtime.
    pub async fn open(store: Store, edge: Edge) -> Result<Self, hoptac_store::Error> {
        let published = Published::read(&store, (edge.today)()).await?;
        let app = Self::with(Arc::new(published), edge, Some(store.clone()));
        tokio::spawn(follow(Arc::downgrade(&app.0), store));
        Ok(app)
    }

    /// The same, from the snapshots of a folder where they can be used. The folder gets new ones now and then.
    pub async fn open_with_snapshots(
        store: Store,
        edge: Edge,
        folder: &Path,
    ) -> Result<Self, hoptac_store::Error> {
        let (snapshots, today) = (Snapshots::new(folder), (edge.today)());
        let mut written = Written::default();
        let app = if let Some(found) = snapshots.start(&store, today).await? {
            let app = Self::with(Arc::clone(&found.published), edge, Some(store.clone()));
            if let Some(facts) = found.facts {
                let (question, board) = (facts.question(), Arc::new(facts.board()));
                app.keep(Kept { question, published: Arc::clone(&found.published), board });
                app.0.standing.lock().await.keep(&found.published, facts, today);
                written = Written { position: found.written, at: Some((edge.now)()) };
            }
            app
        } else {
            let published = Published::read(&store, today).await?;
            Self::with(Arc::new(published), edge, Some(store.clone()))
        };
        let _ = app.0.snapshots.set(tokio::sync::Mutex::new(Keeping { snapshots, written }));
        tokio::spawn(follow(Arc::downgrade(&app.0), store.clone()));
        tokio::spawn(write_snapshots(Arc::downgrade(&app.0), store));
        Ok(app)
    }

    /// An app over a state that never moves, for previews and tests.
    pub fn of(published: Published, today: fn() -> Date) -> Self {
        let edge = Edge {
            now: || Timestamp::UNIX_EPOCH,
            today,
            chance: |_| (),
            filing_id: |_| FilingId::NIL,
        };
        Self::with(Arc::new(published), edge, None)
    }

    fn with(published: Arc<Published>, edge: Edge, store: Option<Store>) -> Self {
        Self(Arc::new(Desk {
            published: ArcSwap::new(published),
            boards: Mutex::new(VecDeque::new()),
            computing: tokio::sync::Mutex::new(()),
            standing: tokio::sync::Mutex::default(),
            ahead: Ahead::default(),
            earlier: Mutex::new(VecDeque::new()),
            edge,
            store,
            outlines: OnceLock::new(),
            held: ArcSwap::default(),
            entrance: OnceLock::new(),
            limiter: OnceLock::new(),
            reads_histories: AtomicBool::new(false),
            bearers: Bearers::default(),
            underway: Underway::default(),
            looked: Mutex::new(VecDeque::new()),
            stopping: AtomicBool::new(false),
            snapshots: OnceLock::new(),
            public_side: OnceLock::new(),
            lately: Lately::default(),
        }))
    }

    /// The same app with another number of requests that a token may make in a minute. Only the first number counts.
    #[must_use]
    pub fn with_requests_per_minute(self, requests: u32) -> Self {
        let _ = self.0.limiter.set(Limiter::new(requests));
        self
    }

    /// Whether the histories of all organisations are being read.
    pub(crate) fn reads_histories(&self) -> &AtomicBool {
        &self.0.reads_histories
    }

    /// Who brought a good token a moment ago.
    pub(crate) fn bearers(&self) -> &Bearers {
        &self.0.bearers
    }

    /// How many requests programs may make.
    pub(crate) fn limiter(&self) -> &Limiter {
        self.0.limiter.get_or_init(|| Limiter::new(PER_MINUTE))
    }

    /// The same app with accounts. Only the first entrance counts.
    #[must_use]
    pub fn with_entrance(self, entrance: Entrance) -> Self {
        hoptac_office::identity::prepare();
        let _ = self.0.entrance.set(entrance);
        self
    }

    /// The same app with a public side. Only the first setting counts.
    #[must_use]
    pub fn with_public_side(self, side: PublicSide) -> Self {
        let _ = self.0.public_side.set(side);
        self
    }

    /// What was sent from the public side lately.
    pub(crate) fn lately(&self) -> &Lately {
        &self.0.lately
    }

    /// What was set about the public side; none where there is none.
    pub(crate) fn public_side(&self) -> Option<&PublicSide> {
        self.0.public_side.get()
    }

    /// Where people come in; none where there are no accounts.
    pub(crate) fn entrance(&self) -> Option<&Entrance> {
        self.0.entrance.get()
    }

    /// The ledger position that the pages show.
    pub fn position(&self) -> u64 {
        self.published().register.position
    }

    /// Says to whoever asks whether it is ready that the server is about to stop.
    pub fn begin_to_stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    /// Writes a snapshot for the next start before the server stops, where much was filed since the last one and all that
    /// belongs into it is there.
    pub async fn leave_snapshot(&self) {
        let (Some(store), Some(keeping)) = (self.store(), self.0.snapshots.get()) else { return };
        let mut keeping = keeping.lock().await;
        if self.position().saturating_sub(keeping.written.position) > LEFT_BEHIND {
            keeping.written.at = None;
            self.write_snapshot(store, &mut keeping).await;
        }
    }

    /// Whether the server is about to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }

    /// A word of chance under which a page and the log tell the same failure.
    pub(crate) fn reference(&self) -> String {
        hex(&self.0.edge.bytes::<4>())
    }

    /// The store; none where the app shows a state that never moves.
    pub(crate) fn store(&self) -> Option<&Store> {
        self.0.store.as_ref()
    }

    /// The store, or the page that says that there is nothing here without one.
    pub(crate) fn must_store(&self, ask: &Ask) -> Result<&Store, PageError> {
        self.store().ok_or_else(|| PageError::no_page(self, ask.clone()))
    }

    /// Takes outlines of units for the map. The first ones that come stay.
    pub fn set_boundaries(&self, boundaries: Vec<Boundary>) {
        let by_code = boundaries.into_iter().map(|one| (one.code, one.rings)).collect();
        let _ = self.0.outlines.set(by_code);
    }

    /// The outline of a unit in the operator's own file, as rings of longitude and latitude; empty where there is none.
    pub(crate) fn outline(&self, code: &str) -> Rings {
        let outlines = self.0.outlines.get();
        outlines.and_then(|outlines| outlines.get(code)).cloned().unwrap_or_default()
    }

    /// The outlines that were read last off the ledger.
    pub(crate) fn held_outlines(&self) -> Arc<Held> {
        self.0.held.load_full()
    }

    /// Keeps outlines that were read off the ledger.
    pub(crate) fn hold_outlines(&self, held: Arc<Held>) {
        self.0.held.store(held);
    }

    /// Thirty-two digits that nobody can guess.
    pub(crate) fn unguessable(&self) -> String {
        hex(&self.0.edge.bytes::<16>())
    }

    /// The published state.
    pub(crate) fn published(&self) -> Arc<Published> {
        self.0.published.load_full()
    }

    /// The day it is.
    pub(crate) fn today(&self) -> Date {
        (self.0.edge.today)()
    }

    /// What a page shows: the unit that is asked for, on the day that is asked for.
    pub(crate) async fn view(&self, ask: &Ask) -> Result<View, PageError> {
        let published = self.state(ask).await?;
        let Some(pack) = published.pack.as_deref() else {
            return Err(PageError::no_plan(self, ask));
        };
        let as_of = ask.as_of.unwrap_or_else(|| self.today());
        let geography = pack.setting.geography;
        let code = ask.unit.as_deref().unwrap_or(&pack.setting.unit);
        // A code may have passed to another unit since; the one of the plan's own geography goes first, because links
        // to districts come from there.
        let unit = published
            .places
            .find(code, geography)
            .filter(|unit| unit.exists_on(geography))
            .or_else(|| published.places.find(code, as_of))
            .cloned();
        let Some(unit) = unit else { return Err(self.no_unit(ask, &published, code)) };
        let geography = published.places.geography_for(&unit, geography);
        let board = self.board(&published, Question { as_of, geography }).await;
        if !board.unit_ids().any(|id| *id == unit.id)
            && !published.register.organisations.is_empty()
        {
            return Err(self.no_unit(ask, &published, code));
        }
        Ok(View { published, board, unit, today: self.today() })
    }

    /// The published state, or that of the ledger position that is asked for.
    async fn state(&self, ask: &Ask) -> Result<Arc<Published>, PageError> {
        let Some(position) = ask.position else { return Ok(self.published()) };
        self.state_at(position).await.map_err(|error| PageError::broken(self, ask, &error))
    }

    /// The state of a ledger position; the published one where it is not newer than that.
    pub(crate) async fn state_at(
        &self,
        position: u64,
    ) -> Result<Arc<Published>, hoptac_store::Error> {
        let published = self.published();
        let Some(store) = self.store() else { return Ok(published) };
        if position >= published.register.position {
            return Ok(published);
        }
        let find = |kept: &VecDeque<Arc<Published>>| {
            kept.iter().find(|one| one.register.position == position).map(Arc::clone)
        };
        if let Some(kept) = find(&self.0.earlier.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(kept);
        }
        let known = store.known_at(position).await?;
        let (plan, text) =
            (known.plan.map(|plan| plan.pack), known.plan_text.map(|text| text.text));
        let state = Published::of(known.register, known.places, plan, text, self.today());
        let state = Arc::new(Published {
            programmes: known.programmes.into(),
            tasks: known.tasks.into(),
            cares: known.alerts.into(),
            is_earlier: true,
            ..state
        });
        let mut kept = self.0.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front(Arc::clone(&state));
        kept.truncate(EARLIER);
        Ok(state)
    }

    /// Spreadsheets that somebody waits for.
    pub(crate) fn underway(&self) -> &Underway {
        &self.0.underway
    }

    /// Spreadsheets that were looked over last.
    pub(crate) fn looked(&self) -> std::sync::MutexGuard<'_, VecDeque<LookedOver>> {
        self.0.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What only the binary may ask for.
    pub(crate) fn edge(&self) -> Edge {
        self.0.edge
    }

    /// A unit that does not exist or does not belong to the plan.
    pub(crate) fn no_unit(&self, ask: &Ask, published: &Published, code: &str) -> PageError {
        let voice = Voice(ask.language);
        let heading = voice.say_with("error-no-unit", &[("code", code.into())]);
        let root = published.plan_unit().map(|unit| unit.id.clone());
        let known = published
            .places
            .all()
            .filter(|unit| {
                let chain = published.places.ancestry(&unit.id);
                chain.iter().any(|above| Some(&above.id) == root.as_ref())
            })
            .map(|unit| {
                let name = format!("{} ({})", unit.name, unit.id);
                (ask.to(&ask.path, &[("unit", unit.id.as_str())]), name)
            })
            .collect();
        PageError::not_found(self, ask, heading, code, known)
    }

    /// The board of a day and a geography, from memory or computed now.
    pub(crate) async fn board(&self, published: &Arc<Published>, question: Question) -> Arc<Board> {
        if let Some(board) = self.kept(question, published) {
            return board;
        }
        // Of many who ask for the same board after a filing, one computes it and the others find it.
        let _turn = self.0.computing.lock().await;
        if let Some(board) = self.kept(question, published) {
            return board;
        }
        let state = Arc::clone(published);
        // Computing a board keeps a core busy for a moment; other pages must not wait for it.
        let laid = tokio::task::spawn_blocking(move || {
            let facts = lay_out(&state, question);
            let board = Arc::new(facts.board());
            (facts, board)
        });
        let Ok((facts, board)) = laid.await else { return Arc::new(compute(published, question)) };
        self.keep(Kept { question, published: Arc::clone(published), board: Arc::clone(&board) });
        if !published.is_earlier {
            self.stand(facts);
        }
        board
    }

    /// Keeps facts for the filings to come, in the background.
    fn stand(&self, mut facts: kept::Kept) {
        let app = self.clone();
        tokio::spawn(async move {
            let ready = behind::behind(move || {
                facts.prepare();
                facts
            });
            let Some(facts) = ready.await else { return };
            let mut standing = app.0.standing.lock().await;
            standing.keep(&app.published(), facts, app.today());
        });
    }

    /// Publishes a state at least as new as a ledger position, so that the page after a filing shows it.
    pub(crate) async fn publish_up_to(&self, position: u64) -> Result<(), hoptac_store::Error> {
        let Some(store) = self.store() else { return Ok(()) };
        if self.published().register.position < position {
            self.advance(store).await?;
            let app = self.clone();
            tokio::spawn(async move { app.prepare().await });
        }
        Ok(())
    }

    /// Publishes the state that the ledger has come to.
    async fn advance(&self, store: &Store) -> Result<(), hoptac_store::Error> {
        let mut standing = self.0.standing.lock().await;
        let shown = self.published();
        let changes = store.changes(shown.register.position, followed(&shown.register)).await?;
        if changes.as_ref().is_some_and(|changes| changes.position == shown.register.position) {
            return Ok(());
        }
        let mut besides = None;
        if changes.as_ref().is_some_and(|changes| changes.plan) {
            besides = Some(Published::besides_the_register(store, self.today()).await?);
        }
        if let Some(changes) = changes {
            let before = std::mem::take(&mut *standing);
            let boards = self.boards_of(&shown);
            // It takes a few milliseconds, in which other pages must not wait.
            let next = tokio::task::spawn_blocking(move || match besides {
                None => next(&shown, before, &boards, changes),
                Some(besides) => next_of_plan(&shown, changes, besides),
            })
            .await;
            if let Ok(Some(next)) = next {
                self.publish(&next.published);
                for board in next.boards {
                    let question = board.question();
                    let published = Arc::clone(&next.published);
                    self.keep(Kept { question, published, board: Arc::new(board) });
                }
                *standing = next.standing;
                return Ok(());
            }
        }
        let before = self.published();
        let read = Published::read(store, self.today()).await?;
        self.publish(&Arc::new(read.sharing_with(&before)));
        *standing = Standing::default();
        Ok(())
    }

    /// The boards that are kept of a state.
    fn boards_of(&self, published: &Arc<Published>) -> Vec<Arc<Board>> {
        let boards = self.0.boards.lock().unwrap_or_else(PoisonError::into_inner);
        let of = boards.iter().filter(|kept| Arc::ptr_eq(&kept.published, published));
        of.map(|kept| Arc::clone(&kept.board)).collect()
    }

    /// Publishes a state, unless a newer one is published already.
    fn publish(&self, published: &Arc<Published>) {
        self.0.published.rcu(|shown| {
            let is_newer = published.register.position >= shown.register.position;
            Arc::clone(if is_newer { published } else { shown })
        });
    }

    /// Makes the board of today on the plan's own places, its forecasts and its watch, before anybody asks.
    async fn prepare(&self) {
        let published = self.published();
        let Some(geography) = published.pack.as_ref().map(|pack| pack.setting.geography) else {
            return;
        };
        let today = self.today();
        let board = self.board(&published, Question { as_of: today, geography }).await;
        // The register and the places are looked at on the geography of the day and on that of the plan.
        let state = Arc::clone(&published);
        let kept = tokio::task::spawn_blocking(move || {
            for places in [today, geography] {
                let days = Days::of(state.pack.as_deref(), today, places);
                state.kept.entries.read(days, |days| Entries::of(&state, days));
                state.kept.completeness.read(days, |days| Completeness::of(&state, days));
            }
        });
        if let Err(error) = kept.await {
            tracing::error!(%error, "working out what should be looked at");
        }
        history::prepare(self, &published);
        self.forecasts(&published, &board);
        self.watch();
    }

    /// Writes a snapshot of what is shown, where the last one is old and something was filed since.
    async fn write_snapshot(&self, store: &Store, keeping: &mut Keeping) {
        let Keeping { snapshots, written } = keeping;
        let published = self.published();
        let position = published.register.position;
        let now = (self.0.edge.now)();
        // A clock that was set back makes no snapshot good for ever.
        let is_fresh = written.at.is_some_and(|at| {
            Duration::try_from(now.duration_since(at)).is_ok_and(|since| since < SNAPSHOT_TIME)
        });
        if position == written.position || is_fresh {
            return;
        }
        // A snapshot without them would have them read anew at the next start.
        if published.histories.get().is_none() {
            return history::prepare(self, &published);
        }
        let hash = match store.find_filing(position).await {
            Ok(Some(filing)) => filing.hash,
            Ok(None) => return,
            Err(_) if store.is_closed() => return,
            Err(error) => return tracing::warn!(%error, "asking for the filing of a snapshot"),
        };
        let (app, snapshots) = (self.clone(), snapshots.clone());
        let done = tokio::task::spawn_blocking(move || {
            let standing = app.0.standing.blocking_lock();
            // Copied, so that the next filing does not wait until it is on the disk.
            let facts = standing.find(&published, app.today()).cloned();
            drop(standing);
            // Before the facts are laid out, a snapshot would have none.
            if facts.is_none() && published.pack.is_some() {
                return Ok(false);
            }
            let facts = published.pack.as_deref().zip(facts.as_ref());
            let histories = published.histories.get();
            let stamp = Stamp { position, hash };
            snapshots.write(stamp, &published.register, histories, facts).map(|()| true)
        });
        match done.await {
            Ok(Ok(false)) => return,
            Ok(Ok(true)) => tracing::info!(position, "wrote a snapshot"),
            Ok(Err(error)) => tracing::warn!(%error, "writing a snapshot"),
            Err(error) => tracing::error!(%error, "writing a snapshot"),
        }
        // What could not be written now is tried again once something was filed and some time has passed.
        *written = Written { position, at: Some(now) };
    }

    fn kept(&self, question: Question, published: &Arc<Published>) -> Option<Arc<Board>> {
        let boards = self.0.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards
            .iter()
            .find(|kept| kept.question == question && Arc::ptr_eq(&kept.published, published))
            .map(|kept| Arc::clone(&kept.board))
    }

    fn keep(&self, kept: Kept) {
        let mut boards = self.0.boards.lock().unwrap_or_else(PoisonError::into_inner);
        // Boards of a state that is shown no longer are never asked for again, but for those of editions.
        let shown = self.published();
        boards.retain(|other| {
            Arc::ptr_eq(&other.published, &shown) || Arc::ptr_eq(&other.published, &kept.published)
        });
        boards.push_front(kept);
        boards.truncate(KEPT);
    }
}

/// Bytes as digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn compute(published: &Published, question: Question) -> Board {
    let pack =
        published.pack.as_deref().expect("a board is only asked for where a plan was adopted");
    Board::compute(&published.register, &published.places, pack, question)
}

fn lay_out(published: &Published, question: Question) -> kept::Kept {
    let pack = published.pack.as_deref().expect("facts are only kept where a plan was adopted");
    kept::Kept::lay_out(&published.register, &published.places, pack, question)
}

/// The snapshot that was written last: up to which position, and when.
#[derive(Debug, Default)]
struct Written {
    position: u64,
    at: Option<Timestamp>,
}

/// Where snapshots are kept, and which was written last.
#[derive(Debug)]
struct Keeping {
    snapshots: Snapshots,
    written: Written,
}

/// How many filings are followed one by one.
fn followed(register: &Register) -> u32 {
    let more = u32::try_from(register.organisations.len() / FOLLOWED_OF).unwrap_or(u32::MAX);
    FOLLOWED.max(more)
}

/// Publishes a new state whenever the ledger has moved, until the app is gone.
async fn follow(desk: Weak<Desk>, store: Store) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    if let Some(desk) = desk.upgrade() {
        App(desk).prepare().await;
    }
    loop {
        ticks.tick().await;
        let Some(desk) = desk.upgrade() else { return };
        let shown = desk.published.load().register.position;
        match store.position().await {
            Ok(position) if position == shown => {}
            Ok(_) => {
                let app = App(desk);
                match app.advance(&store).await {
                    Ok(()) => app.prepare().await,
                    Err(_) if store.is_closed() => return,
                    Err(error) => tracing::error!(%error, "reading the register again"),
                }
            }
            // Whoever stops the server closes the store, and there is nothing to follow any more.
            Err(_) if store.is_closed() => return,
            Err(error) => tracing::error!(%error, "asking for the ledger position"),
        }
    }
}

/// Writes snapshots now and then, until the app is gone.
async fn write_snapshots(desk: Weak<Desk>, store: Store) {
    let mut ticks = tokio::time::interval(SNAPSHOT_POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(desk) = desk.upgrade() else { return };
        let Some(keeping) = desk.snapshots.get() else { return };
        let mut keeping = keeping.lock().await;
        App(Arc::clone(&desk)).write_snapshot(&store, &mut keeping).await;
    }
}

/// What a page shows.
#[derive(Debug)]
pub(crate) struct View {
    /// The state it was read from.
    pub(crate) published: Arc<Published>,
    /// The board of the day, on a geography on which the unit exists.
    pub(crate) board: Arc<Board>,
    /// The unit.
    pub(crate) unit: Unit,
    /// The day it is.
    pub(crate) today: Date,
}

impl View {
    /// The plan. A view is only made where one was adopted.
    pub(crate) fn pack(&self) -> &Pack {
        self.published.pack.as_deref().expect("a view is made of an adopted plan")
    }

    /// Whether the unit is the one whose plan it is.
    pub(crate) fn is_whole(&self) -> bool {
        self.published.plan_unit().is_some_and(|unit| unit.id == self.unit.id)
    }
}

#[cfg(test)]
mod tests;
