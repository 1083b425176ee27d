//! Tasks on their whole way: opened by the plan or with a reason, done by those whose they are, closed with evidence, and
//! never written over. Alerts sleep and have an owner.

#![expect(clippy::indexing_slicing, reason = "a test that reaches past an end fails, as it should")]

use hoptac_model::account::Scope;
use hoptac_model::alert;
use hoptac_model::filing::alert::{AlertAct, AlertOwn, AlertSnooze};
use hoptac_model::filing::task::{
    TaskAct, TaskAssign, TaskClose, TaskMerge, TaskOpen, TaskPostpone, TaskProgress, TaskReopen,
};
use hoptac_model::filing::{Body, Draft, Hash, PlanAdopt, Subject};
use hoptac_model::pack::{self, Agency, Pack};
use hoptac_model::task::{self, Basis, Because, Effect, Evidence, Ground, Recurrence, State};
use hoptac_model::text::Words;
use hoptac_office::{Actor, Refusal, Role, accept};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::civil::Date;

use crate::common;
use crate::ledger::set_up;

hoptac_testkit::both_databases! {
    the_plan_opens_its_tasks,
    a_plan_adopted_anew_ends_what_it_no_longer_has,
    a_task_is_opened_reported_on_and_closed,
    an_occurrence_is_closed_once,
    everything_wrong_with_an_opening_is_said_at_once,
    nothing_is_closed_without_evidence,
    what_has_ended_is_opened_again_before_it_goes_on,
    an_agency_files_only_about_what_it_leads_or_works_with,
    a_registrar_reports_only_from_its_territory,
    an_alert_sleeps_and_has_an_owner,
}

const ADOPTED: Date = Date::constant(2023, 5, 15);
const DAY: Date = Date::constant(2023, 12, 1);

fn plan() -> Pack {
    let agency = |id: &str| Agency {
        id: id.to_owned(),
        name: Words::default(),
        note: Words::default(),
        valid_from: None,
        valid_to: None,
        successor: None,
    };
    let mut pack = common::pack();
    pack.agencies.push(agency("lien-minh-htx"));
    pack.agencies.push(Agency {
        valid_to: Some(Date::constant(2023, 6, 30)),
        successor: Some("so-cong-thuong".to_owned()),
        ..agency("so-cu")
    });
    pack.tasks = vec![task("N20-1", Some(Recurrence::Yearly)), task("N20-2", None)];
    pack
}

fn task(id: &str, recurrence: Option<Recurrence>) -> pack::Task {
    pack::Task {
        id: id.to_owned(),
        group: "P20".to_owned(),
        title: Words::new("Vận động", "Promote"),
        lead: Some("lien-minh-htx".to_owned()),
        with: vec!["so-cong-thuong".to_owned()],
        indicators: vec!["groups".into()],
        due: None,
        recurrence,
        note: Words::default(),
    }
}

async fn with_tasks(database: &TestDatabase, drafts: &mut Drafts) -> Store {
    let store = set_up(database, drafts).await;
    adopt(&store, drafts, plan(), ADOPTED).await;
    store
}

async fn adopt(store: &Store, drafts: &mut Drafts, pack: Pack, on: Date) {
    let body = PlanAdopt { files_hash: Hash::ZERO.to_string(), pack };
    let draft = drafts.draft(Subject::plan("test"), on, Body::PlanAdopt(Box::new(body)));
    accept(store, &owner(), draft).await.unwrap();
}

fn owner() -> Actor {
    Actor::new("so-tai-chinh", Role::PlanOwner)
}

fn department(agency: &str) -> Actor {
    let scope = Scope { agency: Some(agency.to_owned()), ..Scope::ALL };
    Actor::new("cb", Role::DepartmentOfficer).within(scope)
}

fn draft(drafts: &mut Drafts, code: &str, act: TaskAct) -> Draft {
    drafts.draft(Subject::task(code), DAY, Body::Task(act))
}

fn opening() -> TaskOpen {
    TaskOpen {
        title: "Vận động thành lập 5 tổ hợp tác".to_owned(),
        ground: Ground {
            target: Some("T30-01".into()),
            unit: Some("178".into()),
            ..Ground::new(Because::Gap)
        },
        group: None,
        lead: "lien-minh-htx".to_owned(),
        with: vec!["so-cong-thuong".to_owned()],
        unit: Some("178".into()),
        due: Some(Date::constant(2024, 6, 30)),
        recurrence: None,
        effects: vec![Effect { indicator: "groups".into(), value: Some(231.0), year: Some(2024) }],
        note: String::new(),
    }
}

fn evidence() -> Vec<Evidence> {
    vec![Evidence { what: "Báo cáo".to_owned(), source: "12/BC-LMHTX".to_owned() }]
}

fn close(occurrence: Option<Date>, evidence: Vec<Evidence>) -> TaskAct {
    TaskAct::Close(TaskClose { occurrence, result: "xong".to_owned(), evidence, basis: Vec::new() })
}

fn progress(percent: Option<u8>) -> TaskAct {
    let said = "đã tổ chức 2 hội nghị".to_owned();
    TaskAct::Progress(TaskProgress { said, percent, evidence: Vec::new() })
}

#[track_caller]
fn codes(refusal: Refusal) -> Vec<(&'static str, String)> {
    let Refusal::Invalid(findings) = refusal else { panic!("{refusal:?}") };
    findings.into_iter().map(|finding| (finding.code, finding.field)).collect()
}

async fn refused(
    store: &Store,
    drafts: &mut Drafts,
    code: &str,
    act: TaskAct,
) -> Vec<(&'static str, String)> {
    let draft = draft(drafts, code, act);
    codes(accept(store, &owner(), draft).await.unwrap_err())
}

async fn state(store: &Store, code: &str, day: Date) -> State {
    task::fold(&store.tasks().await.unwrap(), day)[code].situation(day).state
}

async fn the_plan_opens_its_tasks(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let tasks = task::fold(&store.tasks().await.unwrap(), DAY);
    assert_eq!(tasks.keys().collect::<Vec<_>>(), ["N20-1", "N20-2"]);
    assert_eq!(tasks["N20-1"].ground, None);
    assert_eq!(tasks["N20-1"].opened_on, ADOPTED);
    // As it was known before, there is none.
    assert!(store.known_at(2).await.unwrap().tasks.is_empty());
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn a_plan_adopted_anew_ends_what_it_no_longer_has(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let mut pack = plan();
    pack.tasks.pop();
    adopt(&store, &mut drafts, pack, DAY).await;
    assert_eq!(state(&store, "N20-2", DAY).await, State::Cancelled);
    assert_eq!(state(&store, "N20-2", DAY.yesterday().unwrap()).await, State::NotStarted);
    assert_eq!(state(&store, "N20-1", DAY).await, State::NotStarted);
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn a_task_is_opened_reported_on_and_closed(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let basis = Basis {
        indicator: "groups".into(),
        target: Some("T30-01".into()),
        unit: "178".into(),
        as_of: DAY,
        value: 231.0,
        position: 3,
    };
    let result = "đủ 231 tổ hợp tác".to_owned();
    let close = TaskClose { result, basis: vec![basis.clone()], ..TaskClose::default() };
    let postpone = TaskPostpone {
        occurrence: None,
        to: Date::constant(2024, 9, 30),
        reason: "chờ kinh phí".to_owned(),
        decision: None,
    };
    let acts = [
        (TaskAct::Open(Box::new(opening())), State::NotStarted),
        (progress(Some(40)), State::OnTime),
        (TaskAct::Postpone(postpone), State::Postponed),
        (TaskAct::Close(close), State::Done),
    ];
    for (act, want) in acts {
        let draft = draft(&mut drafts, "NV-2023-001", act);
        accept(&store, &owner(), draft).await.unwrap();
        assert_eq!(state(&store, "NV-2023-001", DAY).await, want);
    }
    let tasks = task::fold(&store.tasks().await.unwrap(), DAY);
    assert_eq!(tasks["NV-2023-001"].version, 4);
    assert_eq!(tasks["NV-2023-001"].end.as_ref().unwrap().basis, [basis]);
    assert_eq!(store.filings_about(&Subject::task("NV-2023-001")).await.unwrap().len(), 4);
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn an_occurrence_is_closed_once(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let due = Date::constant(2023, 12, 31);
    let missing = [("task.occurrence-missing", "occurrence".to_owned())];
    assert_eq!(refused(&store, &mut drafts, "N20-1", close(None, evidence())).await, missing);
    let other = close(Some(due.tomorrow().unwrap()), evidence());
    let wrong = [("task.occurrence", "occurrence".to_owned())];
    assert_eq!(refused(&store, &mut drafts, "N20-1", other).await, wrong);
    let draft = draft(&mut drafts, "N20-1", close(Some(due), evidence()));
    accept(&store, &owner(), draft).await.unwrap();
    let again = refused(&store, &mut drafts, "N20-1", close(Some(due), evidence())).await;
    assert_eq!(again, [("task.occurrence-done", "occurrence".to_owned())]);
    let none = refused(&store, &mut drafts, "N20-2", close(Some(due), evidence())).await;
    assert_eq!(none, [("task.occurrence-none", "occurrence".to_owned())]);
}

async fn everything_wrong_with_an_opening_is_said_at_once(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let open = TaskOpen {
        title: " ".to_owned(),
        ground: Ground {
            year: Some(2031),
            unit: Some("999".into()),
            ..Ground::new(Because::Returns)
        },
        group: Some("P99".to_owned()),
        lead: "so-cu".to_owned(),
        with: vec!["lien-minh".to_owned(), "so-cu".to_owned()],
        unit: None,
        effects: vec![Effect { indicator: "group".into(), value: Some(f64::MAX), year: Some(1) }],
        ..opening()
    };
    let found = refused(&store, &mut drafts, "NV-1", TaskAct::Open(Box::new(open))).await;
    let want = [
        ("text.empty", "title"),
        ("task.agency-ended", "lead"),
        ("task.agency", "with.0"),
        ("task.agency-ended", "with.1"),
        ("task.agency-twice", "with"),
        ("task.group", "group"),
        ("task.indicator", "effects.0.indicator"),
        ("task.year", "effects.0.year"),
        ("task.unit", "ground.unit"),
        ("task.year", "ground.year"),
    ];
    assert_eq!(found, want.map(|(code, field)| (code, field.to_owned())));
    let nothing = TaskOpen { ground: Ground::new(Because::Finding), ..opening() };
    let found = refused(&store, &mut drafts, "NV-1", TaskAct::Open(Box::new(nothing))).await;
    let want = ["ground.code", "ground.about"].map(|field| ("task.ground", field.to_owned()));
    assert_eq!(found, want);
    let found = refused(&store, &mut drafts, "mã có dấu", TaskAct::Open(Box::new(opening()))).await;
    assert_eq!(found, [("task.code", "subject".to_owned())]);
    let found = refused(&store, &mut drafts, "N20-1", TaskAct::Open(Box::new(opening()))).await;
    assert_eq!(found, [("task.exists", "subject".to_owned())]);
}

async fn nothing_is_closed_without_evidence(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let found = refused(&store, &mut drafts, "N20-2", close(None, Vec::new())).await;
    assert_eq!(found, [("task.no-evidence", "evidence".to_owned())]);
    // What was handed in with a report is evidence too.
    let said = "đã tập huấn".to_owned();
    let report = TaskProgress { said, percent: None, evidence: evidence() };
    let reported = draft(&mut drafts, "N20-2", TaskAct::Progress(report));
    accept(&store, &owner(), reported).await.unwrap();
    let closed = draft(&mut drafts, "N20-2", close(None, Vec::new()));
    accept(&store, &owner(), closed).await.unwrap();
    assert_eq!(state(&store, "N20-2", DAY).await, State::Done);
}

async fn what_has_ended_is_opened_again_before_it_goes_on(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let merge = |into: &str| {
        TaskAct::Merge(TaskMerge { into: into.to_owned(), reason: "trùng việc".to_owned() })
    };
    let found = refused(&store, &mut drafts, "N20-2", merge("N20-2")).await;
    assert_eq!(found, [("task.self", "into".to_owned())]);
    let merged = draft(&mut drafts, "N20-2", merge("N20-1"));
    accept(&store, &owner(), merged).await.unwrap();
    assert_eq!(state(&store, "N20-2", DAY).await, State::Merged);
    let found = refused(&store, &mut drafts, "N20-2", progress(None)).await;
    assert_eq!(found, [("task.ended", "subject".to_owned())]);
    let reopen = TaskReopen { occurrence: None, reason: "gộp nhầm".to_owned() };
    let reopened = draft(&mut drafts, "N20-2", TaskAct::Reopen(reopen.clone()));
    accept(&store, &owner(), reopened).await.unwrap();
    let found = refused(&store, &mut drafts, "N20-2", TaskAct::Reopen(reopen)).await;
    assert_eq!(found, [("task.open", "subject".to_owned())]);
    let empty = TaskAssign { reason: "thử".to_owned(), ..TaskAssign::default() };
    let found = refused(&store, &mut drafts, "N20-2", TaskAct::Assign(Box::new(empty))).await;
    assert_eq!(found, [("task.empty", String::new())]);
}

async fn an_agency_files_only_about_what_it_leads_or_works_with(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let (leads, works, other) =
        (department("lien-minh-htx"), department("so-cong-thuong"), department("thue"));
    let due = Date::constant(2023, 12, 31);
    for (actor, act, may) in [
        (&leads, progress(None), true),
        (&works, progress(None), true),
        (&other, progress(None), false),
        (&works, close(Some(due), evidence()), false),
        (&works, TaskAct::Open(Box::new(opening())), false),
        (&leads, close(Some(due), evidence()), true),
    ] {
        let code = if matches!(act, TaskAct::Open(_)) { "NV-1" } else { "N20-1" };
        let result = accept(&store, actor, draft(&mut drafts, code, act)).await;
        let refused = matches!(result, Err(Refusal::OutOfScope { .. }));
        assert_eq!(refused, !may, "{:?}: {result:?}", actor.scope);
    }
    let leader = Actor::new("ubnd", Role::Leader);
    let result = accept(&store, &leader, draft(&mut drafts, "N20-1", progress(None))).await;
    assert!(matches!(result, Err(Refusal::NotAllowed { .. })), "{result:?}");
}

async fn a_registrar_reports_only_from_its_territory(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let open = draft(&mut drafts, "NV-1", TaskAct::Open(Box::new(opening())));
    accept(&store, &owner(), open).await.unwrap();
    let of = |territory: &str| {
        Actor::new("registrar", Role::Registrar).within(Scope::territory(territory))
    };
    for (code, territory, may) in
        [("NV-1", "178", true), ("NV-1", "180", false), ("N20-1", "178", false)]
    {
        let draft = draft(&mut drafts, code, progress(None));
        let result = accept(&store, &of(territory), draft).await;
        assert_eq!(result.is_ok(), may, "{code} {territory}: {result:?}");
    }
}

async fn an_alert_sleeps_and_has_an_owner(database: &TestDatabase) {
    let mut drafts = Drafts::default();
    let store = with_tasks(database, &mut drafts).await;
    let mut file = |key: &str, act| drafts.draft(Subject::alert(key), DAY, Body::Alert(act));
    let until = Date::constant(2024, 3, 31);
    let snooze =
        |until| AlertAct::Snooze(AlertSnooze { until, reason: "chờ số liệu".to_owned() });
    let own =
        |agency: &str| AlertAct::Own(AlertOwn { agency: agency.to_owned(), note: String::new() });
    accept(&store, &owner(), file("probability.T30-01", snooze(until))).await.unwrap();
    let so = department("so-cong-thuong");
    accept(&store, &so, file("probability.T30-01", own("so-cong-thuong"))).await.unwrap();
    let taken = accept(&store, &so, file("probability.T30-01", own("lien-minh-htx"))).await;
    assert!(matches!(taken, Err(Refusal::OutOfScope { .. })), "{taken:?}");
    for (key, act, want) in [
        ("nonsense", snooze(until), ("alert.key", "subject")),
        ("task.N20-1", snooze(ADOPTED), ("alert.past", "until")),
        ("task.N20-1", snooze(Date::constant(2025, 1, 1)), ("alert.long", "until")),
        ("task.N20-1", own("so-nao-do"), ("task.agency", "agency")),
    ] {
        let found = codes(accept(&store, &owner(), file(key, act)).await.unwrap_err());
        assert_eq!(found, [(want.0, want.1.to_owned())]);
    }
    let cares = alert::fold(&store.alerts().await.unwrap(), DAY);
    let care = &cares["probability.T30-01"];
    assert!(care.sleeps_on(until));
    assert_eq!(care.snooze.as_ref().unwrap().by, "so-tai-chinh");
    assert_eq!(care.owner.as_deref(), Some("so-cong-thuong"));
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}
