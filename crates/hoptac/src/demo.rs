//! `hoptac demo`: the real plan, its places and published figures, and a labelled synthetic register, in an embedded
//! database, served.
//!
//! The demo tells the story of a system that went live on the day of the plan: what happened before was taken over on
//! that day, what came later was recorded when it happened. All of it follows from the seed, so a demo that was killed
//! is taken up where its ledger ends.

mod cascade;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result};
use hoptac_intake::pack::{self, Check};
use hoptac_model::account::{AccountName, Grant, Scope};
use hoptac_model::figure::Figure;
use hoptac_model::filing::account::{AccountAct, Invitation};
use hoptac_model::filing::{
    Body, Draft, FiguresPublish, Origin, PlanAdopt, Reason, Subject, UnitsAdopt,
};
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::member::{HeldKey, KeyHolder};
use hoptac_model::organisation::Kind;
use hoptac_model::seal::Key;
use hoptac_model::text::Words;
use hoptac_model::unit::Places;
use hoptac_model::words;
use hoptac_office::{Actor, Role};
use hoptac_store::Store;
use hoptac_synthetic::Keys;
use hoptac_web::door::OpenTo;
use hoptac_web::public::PublicSide;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::cli::{DemoArguments, Place, SMALL_CELL};
use crate::sentence::{refuse, said};
use crate::serve::Serving;
use crate::{Outcome, clock, embedded, output, serve};

/// The last day of the synthetic register. A fixed day, so that the same seed always makes the same ledger.
const UNTIL: Date = Date::constant(2026, 10, 31);

pub(crate) async fn run(place: &Place, arguments: &DemoArguments) -> Result<Outcome> {
    let store = place.create().await?;
    let is_new = fill(place, &store, arguments).await.with_context(|| said!("nạp bản dùng thử vào `{folder}` (chạy lại lệnh để làm tiếp từ chỗ dừng, hoặc xóa thư mục để làm lại từ đầu)", "filling the demo in `{folder}` (run the command again to go on where it stopped, or remove the folder to start over)", folder = place.dir.display().to_string()))?;
    accounts(&store, arguments.seed).await.context(said!(
        "mời các tài khoản của bản dùng thử",
        "inviting the accounts of the demo"
    ))?;
    if is_new {
        let all = store.position().await?;
        let told = words!(
            "sổ cái có {all} hồ sơ; sổ đăng ký là dữ liệu mô phỏng",
            "the ledger holds {all} filings; the register is synthetic (dữ liệu mô phỏng)",
            all
        );
        output::say(told.get(arguments.lang.into()))?;
    }
    if arguments.no_serve {
        return Ok(Outcome::Done);
    }
    let serving = Serving {
        open_to: OpenTo::Everybody,
        public_side: Some(PublicSide { least: usize::from(SMALL_CELL), licence: None }),
        demo: true,
        language: arguments.lang.into(),
        ..Serving::on(arguments.port)
    };
    serve::serve(place, store, &serving).await
}

/// An account for each role, in use and without a password: the sign-in page of a demo lets everybody try them, and no
/// other page does.
async fn accounts(store: &Store, seed: u64) -> Result<()> {
    // They are invited once; what happens to them later is theirs.
    let first = AccountName::from("quan-tri");
    if store.find_account(&first).await?.is_some() {
        return Ok(());
    }
    let head = store.position().await?;
    let last = store.find_filing(head).await?.map_or_else(live_from, |filing| filing.recorded_at);
    let mut drafts = Vec::new();
    let at = |n: usize| last + SignedDuration::from_secs(i64::try_from(n).unwrap_or(0) + 1);
    for (name, title, grant) in demo_grants(store).await? {
        let acts = [
            AccountAct::Invite(Invitation { title: title.to_owned(), grants: vec![grant] }),
            AccountAct::Activate(Reason::default()),
        ];
        for act in acts {
            let actor = if matches!(act, AccountAct::Activate(_)) { name } else { "demo" };
            let (at, subject) = (at(drafts.len()), Subject::account(&name.into()));
            // Numbers beyond those of the story, so that no two filings have one id.
            let number = 40_000 + drafts.len();
            let body = Body::Account(act);
            let mut draft = from_pack(seed, number, at, clock::day_of(at), subject, body);
            actor.clone_into(&mut draft.actor);
            draft.origin = Origin::Synthetic;
            drafts.push(draft);
        }
    }
    for draft in drafts {
        let actor = Actor::new(draft.actor.clone(), Role::Operator);
        hoptac_office::accept(store, &actor, draft).await?;
    }
    Ok(())
}

/// Who tries what: a name, a title, a role.
async fn demo_grants(store: &Store) -> Result<Vec<(&'static str, &'static str, Grant)>> {
    let commune = Scope::territory("06112.2025");
    let within = store.organisations_within(&commune, UNTIL).await?;
    // A cooperative that still is, in the registrar's own commune, so that the two can try their papers together.
    let own = within.iter().find(|card| card.kind == Kind::Cooperative && card.ceased_on.is_none());
    let agency = Scope { agency: Some("so-nong-nghiep-va-moi-truong".to_owned()), ..Scope::ALL };
    let mut all = vec![
        ("quan-tri", "Quản trị hệ thống (mô phỏng)", Role::Operator, Scope::ALL),
        ("so-tai-chinh", "Sở Tài chính (mô phỏng)", Role::PlanOwner, Scope::ALL),
        ("so-nnmt", "Sở Nông nghiệp và Môi trường (mô phỏng)", Role::DepartmentOfficer, agency),
        ("xa-binh-gia", "Phòng Kinh tế xã Bình Gia (mô phỏng)", Role::Registrar, commune),
        (
            "huyen-binh-gia",
            "Đăng ký huyện Bình Gia cũ (mô phỏng)",
            Role::Registrar,
            Scope::territory("181"),
        ),
        ("lanh-dao", "Lãnh đạo Ủy ban nhân dân tỉnh (mô phỏng)", Role::Leader, Scope::ALL),
        ("thanh-tra", "Thanh tra tỉnh (mô phỏng)", Role::Auditor, Scope::ALL),
    ];
    if let Some(own) = own {
        let scope = Scope::organisation(own.id);
        all.push(("hop-tac-xa", "Hợp tác xã ở xã Bình Gia (mô phỏng)", Role::Cooperative, scope));
    }
    Ok(all
        .into_iter()
        .map(|(name, title, role, scope)| (name, title, Grant { role, scope }))
        .collect())
}

/// Appends what is missing of the demo's ledger. Says whether anything was.
async fn fill(place: &Place, store: &Store, arguments: &DemoArguments) -> Result<bool> {
    let (seed, language) = (arguments.seed, arguments.lang.into());
    let tell = |line: Words| output::say(line.get(language));
    let position = store.position().await?;
    let last = last_key(seed);
    // Asked in a transaction that is rolled back at once: only the clerk's own view of the ledger knows keys.
    if store.begin().await?.accepted_with_key(&last).await?.is_some() {
        tell(words!(
            "bản dùng thử đã có sẵn: {position} hồ sơ trong sổ cái",
            "the demo is already filled: {position} filings in the ledger",
            position
        ))?;
        return Ok(false);
    }
    tell(words!(
        "đang chuẩn bị kế hoạch của Lạng Sơn, danh mục đơn vị hành chính và sổ đăng ký mô phỏng",
        "preparing the plan of Lạng Sơn, its places and a synthetic register"
    ))?;
    let (drafts, keys) = story(seed)?;
    let master = place.master_key(store).await?;
    store.keep_keys(&wrapped(&keys, &master)).await?;
    // The numbers that were given out stand in the ledger beside the story.
    let given = cascade::given(store, seed).await?;
    if position > 0 {
        is_ours(store, &drafts, (position, given), seed).await?;
        tell(words!(
            "làm tiếp sau hồ sơ số {position}",
            "going on after filing {position}",
            position
        ))?;
    }
    let done = usize::try_from(position - given).unwrap_or(usize::MAX);
    let bar = progress_bar(drafts.len(), done);
    let operator = Actor::new("demo", Role::Operator);
    let mut before = drafts;
    let after = before.split_off(before.partition_point(|d| d.recorded_at < cascade::given_at()));
    let behind = done.saturating_sub(before.len());
    let mut to_give = behind == 0;
    let mut all = position;
    for (part, skipped) in [(before, done), (after, behind)] {
        let told = all;
        let mut rest = part.into_iter().skip(skipped);
        hoptac_office::accept_all(store, &operator, &mut rest, &mut |accepted| {
            bar.set_position(told + accepted);
        })
        .await?;
        if std::mem::take(&mut to_give) {
            cascade::give_out(store, seed).await?;
        }
        all = store.position().await?;
    }
    bar.finish_and_clear();
    Ok(true)
}

/// Whether the ledger so far is the beginning of this demo.
async fn is_ours(
    store: &Store,
    drafts: &[Draft],
    (position, given): (u64, u64),
    seed: u64,
) -> Result<()> {
    let head = store.filings(position - 1, 1).await?;
    let ours = usize::try_from(position - 1 - given).ok().and_then(|index| drafts.get(index));
    let head = head.first();
    let is_cascade =
        head.and_then(|head| head.key.as_deref()).is_some_and(|key| cascade::is_key(key, seed));
    if !is_cascade && head.map(|filing| filing.id) != ours.map(|draft| draft.id) {
        refuse!(
            "cơ sở dữ liệu này không phải bản dùng thử của phiên bản và hạt giống này; hãy mở bằng `hoptac serve`, hoặc chọn thư mục khác bằng --dir",
            "this database holds something else than the demo of this version and seed; serve it with `hoptac serve`, or choose another folder with --dir"
        );
    }
    Ok(())
}

fn last_key(seed: u64) -> String {
    format!("demo/{seed}/last")
}

/// The day of the plan, at the start of office hours in Viet Nam.
fn live_from() -> Timestamp {
    "2023-05-15T01:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// All filings of the demo, in the order in which they are recorded.
fn story(seed: u64) -> Result<(Vec<Draft>, Keys)> {
    let codes = embedded::unit_codes();
    let reading = pack::read(&embedded::plan(), &Check { units: Some(&codes) });
    let Some(mut plan) = reading.accepted().cloned() else {
        let findings: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
        refuse!(
            "kế hoạch kèm theo chương trình có lỗi:\n{findings}",
            "the shipped plan has faults:\n{findings}",
            findings = findings.join("\n")
        );
    };
    let (units, successors) = embedded::territory(&plan.setting.unit)?;
    let places = Places::new(units.iter().cloned(), successors.clone());
    let synthetic = hoptac_synthetic::filings(seed, &places, &plan, UNTIL);
    let (rolls, keys) = hoptac_synthetic::rolls(seed, &places, &plan, UNTIL);

    let live_from = live_from();
    let adopted_on = plan.document.issued;
    let published = |figure: &Figure| figure.source_date.unwrap_or(figure.as_of);
    let (figures, later): (Vec<Figure>, Vec<Figure>) =
        std::mem::take(&mut plan.figures).into_iter().partition(|f| published(f) <= adopted_on);
    plan.figures = figures;

    let mut drafts = Vec::with_capacity(synthetic.len() + 32);
    let mut first = |at: Timestamp, subject: Subject, body: Body| {
        drafts.push(from_pack(seed, drafts.len(), at, adopted_on, subject, body));
    };
    let source = "vietnamadminunits (MIT), corrected; Resolution 1672/NQ-UBTVQH15".to_owned();
    first(live_from, Subject::units(), Body::UnitsAdopt(UnitsAdopt { source, units, successors }));
    let subject = Subject::plan(&plan.id);
    let adopt = PlanAdopt { files_hash: reading.files_hash, pack: plan };
    first(live_from, subject, Body::PlanAdopt(Box::new(adopt)));

    // What happened before the system went live is taken over on its first day, in the order in which it happened.
    let mut taken_over = live_from + SignedDuration::from_secs(60);
    let mut rest: Vec<Draft> = Vec::with_capacity(synthetic.len());
    for mut draft in synthetic {
        if draft.recorded_at < live_from {
            draft.recorded_at = taken_over;
            taken_over += SignedDuration::from_millis(1);
        }
        rest.push(draft);
    }
    // Rolls were begun after that.
    rest.extend(rolls);
    let mut days: Vec<Date> = later.iter().map(&published).collect();
    days.sort_unstable();
    days.dedup();
    for (index, day) in days.into_iter().enumerate() {
        let figures: Vec<Figure> = later.iter().filter(|f| published(f) == day).cloned().collect();
        // Ten in the morning in Viet Nam, the day after publication.
        let at = Offset::UTC.to_timestamp(day.tomorrow()?.at(3, 0, 0, 0))?;
        let body = Body::FiguresPublish(FiguresPublish { figures });
        rest.push(from_pack(seed, 2 + index, at, day, Subject::figures(), body));
    }
    rest.sort_by_key(|draft| draft.recorded_at);
    drafts.append(&mut rest);
    if let Some(draft) = drafts.last_mut() {
        draft.key = Some(last_key(seed));
    }
    Ok((drafts, keys))
}

/// The keys of the synthetic rolls, wrapped under the master key of this folder.
fn wrapped(keys: &Keys, master: &Key) -> Vec<HeldKey> {
    let nonce = || {
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&crate::keys::chance()[..24]);
        nonce
    };
    let mut held = vec![HeldKey::new(KeyHolder::Pseudonyms, &keys.pseudonyms, master, nonce())];
    let own: BTreeMap<OrganisationId, &Key> =
        keys.organisations.iter().map(|(organisation, key)| (*organisation, key)).collect();
    held.extend(own.iter().map(|(organisation, key)| {
        HeldKey::new(KeyHolder::Organisation(*organisation), key, master, nonce())
    }));
    held.extend(keys.members.iter().filter_map(|(organisation, member, key)| {
        let holder = KeyHolder::Member(*organisation, *member);
        Some(HeldKey::new(holder, key, own.get(organisation)?, nonce()))
    }));
    held
}

/// A filing that takes something over from the shipped packs.
fn from_pack(
    seed: u64,
    number: usize,
    recorded_at: Timestamp,
    effective_on: Date,
    subject: Subject,
    body: Body,
) -> Draft {
    // The id carries its time and number, so that the same demo always has the same ids.
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    let mut random = [0; 10];
    random[..8].copy_from_slice(&seed.to_be_bytes());
    random[8..].copy_from_slice(&number.to_be_bytes());
    let millis = u64::try_from(recorded_at.as_millisecond()).unwrap_or(0);
    Draft {
        id: FilingId(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()),
        recorded_at,
        effective_on,
        actor: "demo".to_owned(),
        subject,
        expected_version: None,
        origin: Origin::Pack,
        key: None,
        body,
    }
}

/// A bar on a terminal; nothing where the output is a file.
fn progress_bar(all: usize, done: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(u64::try_from(all).ok(), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} filings, {eta} left") {
        bar.set_style(style);
    }
    bar.set_position(u64::try_from(done).unwrap_or(0));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_tells_the_same_story() {
        let (one, two) = (story(7).unwrap(), story(7).unwrap());
        assert!(one.0 == two.0);
        assert!(one.0.is_sorted_by_key(|draft| draft.recorded_at));
    }
}
