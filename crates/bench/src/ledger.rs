//! A nation in a ledger: what happened to every organisation as filings, accepted by the office into a real database, so that
//! the whole program can be measured at the size of Viet Nam.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, anyhow};
use hoptac_model::account::{AccountName, Grant, Role, Scope};
use hoptac_model::filing::account::{AccountAct, Invitation};
use hoptac_model::filing::{
    Body, Draft, Establish, Hash, LinkSign, Origin, PlanAdopt, Reason, ReturnAccept, Subject,
    UnitsAdopt,
};
use hoptac_model::ids::{FilingId, UnitId};
use hoptac_model::organisation::{Kind, Organisation, Status, tax_check_digit};
use hoptac_model::pack::{DocumentPlace, FieldType};
use hoptac_model::register::{Link, Stage, State};
use hoptac_model::target::{Constraint, Horizon, Target};
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Places, Unit};
use hoptac_office::authority::Actor;
use hoptac_store::{Location, OpenMode, Store};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};

use crate::definitions::pack as pack_of;
use crate::nation::Nation;
use crate::rolls::Rolls;
use crate::{SEED, SizeName};

/// The account that reads and files; it may do everything.
pub(crate) const ACCOUNT: &str = "do-luong";

/// What organisations live from, as their names say. One name in twelve is about safe vegetables.
const TRADES: [&str; 12] = [
    "nông nghiệp",
    "rau an toàn",
    "chè sạch",
    "dịch vụ tổng hợp",
    "chăn nuôi",
    "lâm nghiệp",
    "thủy sản",
    "cây ăn quả",
    "vận tải",
    "dược liệu",
    "mây tre đan",
    "lúa gạo",
];

/// How a ledger is filled.
#[derive(Debug, clap::Args)]
pub(crate) struct Fill {
    /// How large the nation is.
    #[arg(long, value_enum, default_value = "m")]
    pub(crate) size: SizeName,
    /// The data folder; one that holds the nation already is left as it is.
    #[arg(long)]
    pub(crate) folder: PathBuf,
}

/// Fills a data folder with a nation and says how long it took.
pub(crate) fn run(fill: &Fill) -> Result<()> {
    let began = Instant::now();
    let filed = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(filled(&fill.folder, fill.size))?;
    if filed > 0 {
        say(filed, began)?;
    }
    Ok(())
}

fn say(filed: u64, began: Instant) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "{filed} filings, {:.0} s", began.elapsed().as_secs_f64())
}

/// Fills a folder where it is not filled already; how many filings were accepted.
async fn filled(folder: &Path, size: SizeName) -> Result<u64> {
    std::fs::create_dir_all(folder)?;
    let location = Location::Sqlite(folder.join("hoptac.sqlite"));
    let store = Store::open(&location, OpenMode::Create).await?;
    if store.find_account(&AccountName::from(ACCOUNT)).await?.is_some() {
        return Ok(0);
    }
    if store.position().await? > 0 {
        return Err(anyhow!("{} was left half filled; delete it", folder.display()));
    }
    let nation = Nation::new(size.size(), SEED)?;
    let rolls = Rolls::new(&nation, folder)?;
    rolls.keep_keys(&store).await?;
    let mut drafts = drafts(&nation, &rolls)?;
    let operator = Actor::new(ACCOUNT, Role::Operator);
    let (began, mut told) = (Instant::now(), 0);
    let mut progress = |filed: u64| {
        if filed / 50_000 > told {
            told = filed / 50_000;
            // Where nobody listens, filling goes on.
            let _ = say(filed, began);
        }
    };
    hoptac_office::accept_all(&store, &operator, &mut drafts, &mut progress)
        .await
        .map_err(|refusal| anyhow!("{refusal:?}"))?;
    let filed = store.position().await?;
    store.close().await;
    Ok(filed)
}

/// Everything that is filed, in the order in which it is recorded: places, plan, organisation after organisation, and last the
/// account, by which a folder that is filled is known.
fn drafts<'n>(
    nation: &'n Nation,
    rolls: &'n Rolls<'n>,
) -> Result<Box<dyn Iterator<Item = Draft> + Send + 'n>> {
    let first = date(2026, 7, 1);
    let units = UnitsAdopt {
        source: "synthetic".to_owned(),
        units: units(&nation.places),
        successors: Vec::new(),
    };
    let mut pack = pack_of(&(0..42))?;
    for form in &mut pack.forms {
        form.applies_to = [Kind::Group, Kind::Cooperative, Kind::Union]
            .map(|kind| kind.code().to_owned())
            .to_vec();
        // Square metres go beyond what the office lets a count be.
        for field in form.fields.iter_mut().filter(|field| field.id == "land_m2") {
            field.field_type = FieldType::Money;
        }
    }
    pack.targets = vec![target("T1", "registered", 150_000.0), target("T2", "members", 5e6)];
    let plan = PlanAdopt { files_hash: Hash::of(b"nation").to_string(), pack };
    let plan = (Subject::plan(&plan.pack.id), Body::PlanAdopt(Box::new(plan)));
    let before = [(Subject::units(), Body::UnitsAdopt(units)), plan];
    let before = before.into_iter().map(move |(subject, body)| (first, subject, body));
    let count = u32::try_from(nation.register.organisations.len())?;
    let own = (0..count).flat_map(move |index| {
        let register = &nation.register;
        let mut filings = Vec::new();
        let Some(organisation) = register.organisation(index) else { return filings };
        let subject = Subject::organisation(organisation.id);
        let mut file = |on, body| filings.push((on, subject.clone(), body));
        let lived = register.states.of(index);
        let (ends, lives): (Vec<&State>, Vec<&State>) =
            lived.iter().partition(|state| state.status == Status::Terminated);
        for state in lives {
            let body = match state.status {
                Status::Operating if state.from == organisation.founded_on => {
                    Body::OrganisationEstablish(established(index, state))
                }
                Status::Operating => Body::OrganisationResume(Reason::default()),
                Status::Suspended
                | Status::NotAtAddress
                | Status::Withdrawn
                | Status::Closing
                | Status::Bankrupt
                | Status::Terminated => Body::OrganisationSuspend(Reason::default()),
            };
            file(state.from, body);
        }
        if let Some(kind) = lived.first().map(|state| state.kind) {
            for (on, body) in rolls.filings(index, organisation.id, kind) {
                file(on, body);
            }
        }
        let ended = ends.first().map(|state| state.from);
        for one in register.returns.of(index) {
            let said = register.return_columns.iter();
            let said = said.filter_map(|column| Some((column.name.clone(), column.of(one)?)));
            let values: BTreeMap<String, i64> = said.collect();
            file(
                one.on,
                Body::ReturnAccept(ReturnAccept { year: one.year, form_version: 1, values }),
            );
        }
        for link in register.links.of(index) {
            // Nobody signs any more once it has ended, nor for a day.
            if ended.is_none_or(|end| link.from < end) && link.to.is_none_or(|to| link.from < to) {
                file(link.from, Body::LinkSign(signed(link)));
            }
        }
        if let Some(on) = ended {
            file(on, Body::OrganisationDissolve(Reason::default()));
        }
        filings
    });
    let account = Subject::account(&ACCOUNT.into());
    let invitation = Invitation {
        title: "Đo lường (mô phỏng)".to_owned(),
        grants: vec![Grant { role: Role::Operator, scope: Scope::ALL }],
    };
    let acts = [AccountAct::Invite(invitation), AccountAct::Activate(Reason::default())];
    let after = acts.into_iter().map(move |act| (first, account.clone(), Body::Account(act)));
    let at: Timestamp = "2026-07-01T01:00:00Z".parse()?;
    let all = before.chain(own).chain(after).zip(1_u32..);
    Ok(Box::new(all.map(move |((on, subject, body), number)| {
        let recorded_at = at + SignedDuration::from_millis(i64::from(number));
        let millis = u64::try_from(recorded_at.as_millisecond()).unwrap_or(0);
        let mut chance = [0; 10];
        chance[..4].copy_from_slice(&number.to_be_bytes());
        Draft {
            id: FilingId(uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()),
            recorded_at,
            effective_on: on,
            actor: ACCOUNT.to_owned(),
            subject,
            expected_version: None,
            origin: Origin::Synthetic,
            key: None,
            body,
        }
    })))
}

/// What a plan of the nation would ask for: a plan has targets.
fn target(id: &str, indicator: &str, least: f64) -> Target {
    Target {
        id: id.into(),
        objective: String::new(),
        heading: String::new(),
        indicator: indicator.into(),
        words: String::new(),
        place: DocumentPlace::default(),
        label: Words::new(indicator, indicator),
        paraphrase: Words::default(),
        constraint: Constraint::AtLeast { value: least, expected_up_to: None },
        horizon: Horizon::Year { year: 2030 },
        scope: hoptac_model::target::Scope::Plan,
        sector: None,
        population: Words::default(),
        of_which: None,
        readings: Vec::new(),
        baseline: None,
        note: Words::default(),
    }
}

/// The units in a tree of one level below the other: without former provinces, which the measure of the engine has between
/// provinces and districts.
fn units(places: &Places) -> Vec<Unit> {
    let province_of = |id: &UnitId| {
        let above = places.get(id).filter(|unit| unit.level == Level::Province);
        above.and_then(|unit| unit.parent.clone()).filter(|above| above.as_str() != "n")
    };
    let all = places.all().filter(|unit| province_of(&unit.id).is_none());
    all.cloned()
        .map(|unit| {
            let parent = unit.parent.as_ref().and_then(&province_of).or(unit.parent);
            Unit { parent, ..unit }
        })
        .collect()
}

/// Every organisation with its state on a day and the name that it is filed under.
pub(crate) fn on(
    nation: &Nation,
    day: Date,
) -> impl Iterator<Item = (&Organisation, &State, String)> {
    let register = &nation.register;
    (0_u32..).zip(&register.organisations).filter_map(move |(index, organisation)| {
        let state = register.state_on(index, day)?;
        Some((organisation, state, named(index, state.kind)))
    })
}

fn named(index: u32, kind: Kind) -> String {
    let form = match kind {
        Kind::Group => "Tổ hợp tác",
        Kind::Cooperative => "Hợp tác xã",
        Kind::Union => "Liên hiệp hợp tác xã",
    };
    let at = usize::try_from(index).unwrap_or(0) % TRADES.len();
    let trade = TRADES.get(at).copied().unwrap_or("nông nghiệp");
    format!("{form} {trade} {index}")
}

fn established(index: u32, state: &State) -> Establish {
    Establish {
        kind: state.kind,
        name: named(index, state.kind),
        code: code(index),
        seat: state.seat.clone(),
        seat_former: None,
        vsic: state.vsic,
        sector: Some(state.sector),
        members: i64::from(index % 60) + 7,
        capital: None,
        difficult_area: false,
    }
}

/// A code that is right by its check digit, from a range that no province has. Of four numbers in a row one has a digit.
fn code(index: u32) -> Option<String> {
    (0..4).find_map(|next| {
        let number = 990_000_001 + index * 4 + next;
        let digits = format!("{number}");
        let digits: Vec<i32> = digits.bytes().map(|digit| i32::from(digit - b'0')).collect();
        Some(format!("{number}{}", tax_check_digit(&digits)?))
    })
}

fn signed(link: &Link) -> LinkSign {
    LinkSign {
        link: link.link.clone(),
        partner: link.partner.key.clone(),
        partner_name: link.partner.name.clone(),
        partner_kind: link.partner.kind,
        product: "rau".to_owned(),
        stages: vec![Stage::Sale],
        proof: link.link.clone(),
        to: link.to,
        value: link.value,
        ..LinkSign::default()
    }
}
