//! A life with its rarer filings, on both databases: corrections and what they change, reorganisation with lineage, what the
//! status does not allow, and records that may be twice there.

use hoptac_model::filing::event::{
    BankruptcyEnd, BankruptcyOutcome, Correction, Division, Event, Merger, Notice, Order, Remark,
    Way, Withdrawal, WithdrawalGround,
};
use hoptac_model::filing::{
    Body, Change, Draft, Establish, Filing, Hash, PlanAdopt, Reason, Subject,
};
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::{Kind, Status};
use hoptac_office::{Accepted, Actor, Refusal, Role, accept, check};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::{Drafts, establishment};
use jiff::civil::{Date, date};
use serde_json::json;

use crate::{common, ledger};

hoptac_testkit::both_databases! {
    a_correction_restates_and_a_second_one_strikes,
    a_correction_that_does_not_fit_is_refused_whole,
    a_merger_keeps_its_lineage,
    a_status_says_what_is_possible,
    a_founding_that_may_be_a_duplicate_is_warned_of,
}

const FOUNDED: Date = date(2020, 3, 2);

fn registrar() -> Actor {
    Actor::new("registrar.178", Role::Registrar)
}

/// A cooperative `Hợp tác xã Rau an toàn …`.
fn cooperative(id: OrganisationId, name: &str) -> Body {
    Body::OrganisationEstablish(Establish {
        kind: Kind::Cooperative,
        name: format!("Hợp tác xã {name}"),
        members: 20,
        ..establishment(id)
    })
}

/// A store with places, a plan and a cooperative.
async fn set_up(database: &TestDatabase, drafts: &mut Drafts) -> (Store, OrganisationId, Filing) {
    let store = database.store().await;
    let operator = Actor::new("operator", Role::Operator);
    let pack = PlanAdopt { files_hash: Hash::ZERO.to_string(), pack: common::pack() };
    for draft in [
        drafts.draft(Subject::units(), FOUNDED, Body::UnitsAdopt(ledger::places())),
        drafts.draft(Subject::plan("test"), FOUNDED, Body::PlanAdopt(Box::new(pack))),
    ] {
        accept(&store, &operator, draft).await.unwrap();
    }
    let id = drafts.organisation();
    let filed =
        file(&store, drafts.about(id, FOUNDED, cooperative(id, "Rau an toàn Mai Pha"))).await;
    (store, id, filed.filing)
}

async fn file(store: &Store, draft: Draft) -> Accepted {
    accept(store, &registrar(), draft).await.unwrap()
}

fn codes(refusal: &Refusal) -> Vec<&'static str> {
    refusal.findings().iter().filter(|finding| finding.is_error()).map(|f| f.code).collect()
}

async fn refused(store: &Store, draft: Draft, want: &[&str]) {
    let position = store.position().await.unwrap();
    let found = check(store, &registrar(), draft.clone()).await.unwrap();
    let found: Vec<&str> = found.iter().filter(|f| f.is_error()).map(|f| f.code).collect();
    assert_eq!(found, want);
    let refusal = accept(store, &registrar(), draft).await.unwrap_err();
    assert_eq!(codes(&refusal), want, "{refusal}");
    assert_eq!(store.position().await.unwrap(), position);
}

fn event(event: Event) -> Body {
    Body::OrganisationEvent(event)
}

fn correct(filing: &Filing, body: Option<serde_json::Value>) -> Body {
    event(Event::Correct(Correction { filing: filing.id, body, reason: "ghi nhầm".to_owned() }))
}

fn order() -> Order {
    Order { decision: "12/QĐ".to_owned(), issuer: "Tòa án".to_owned(), reason: String::new() }
}

/// Name, members and status on a day.
async fn on(store: &Store, id: OrganisationId, day: Date) -> (String, Option<i64>, Status) {
    let card = store.find_organisation_on(id, day).await.unwrap().unwrap();
    (card.name, card.members, card.status)
}

async fn sound(store: &Store) {
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

async fn a_correction_restates_and_a_second_one_strikes(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, id, _) = set_up(database, &mut d).await;
    let fifty = Change { members: Some(50), ..Change::default() };
    let first =
        file(&store, d.about(id, date(2022, 1, 1), Body::OrganisationChange(fifty))).await.filing;
    let renamed =
        Change { name: Some("Hợp tác xã Rau sạch Mai Pha".to_owned()), ..Change::default() };
    file(&store, d.about(id, date(2023, 1, 1), Body::OrganisationChange(renamed))).await;
    // It was not 50 but 30, and only from June on.
    let restated = correct(&first, Some(json!({ "members": 30 })));
    file(&store, d.about(id, date(2022, 6, 1), restated.clone())).await;
    let members = |state: (String, Option<i64>, Status)| state.1;
    assert_eq!(members(on(&store, id, date(2022, 3, 1)).await), Some(20));
    assert_eq!(members(on(&store, id, date(2022, 6, 1)).await), Some(30));
    let today = on(&store, id, date(2023, 12, 31)).await;
    assert_eq!(today, ("Hợp tác xã Rau sạch Mai Pha".to_owned(), Some(30), Status::Operating));
    // The first filing is as it was.
    assert_eq!(store.find_filing(first.position).await.unwrap().unwrap(), first);
    file(&store, d.about(id, date(2022, 1, 1), correct(&first, None))).await;
    assert_eq!(members(on(&store, id, date(2023, 12, 31)).await), Some(20));
    refused(&store, d.about(id, date(2022, 6, 1), restated), &["filing.does-not-fit"]).await;
    sound(&store).await;
}

async fn a_correction_that_does_not_fit_is_refused_whole(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, id, founding) = set_up(database, &mut d).await;
    let change = Change { members: Some(50), ..Change::default() };
    let day = date(2022, 1, 1);
    let change = file(&store, d.about(id, day, Body::OrganisationChange(change))).await.filing;
    // The founding would come after the change.
    let body: serde_json::Value = serde_json::from_str(&founding.body).unwrap();
    let late = d.about(id, date(2022, 6, 1), correct(&founding, Some(body)));
    refused(&store, late, &["filing.does-not-fit"]).await;
    refused(&store, d.about(id, FOUNDED, correct(&founding, None)), &["correct.founding"]).await;
    let wrong = correct(&change, Some(json!({ "member": 30, "capital": "nhiều" })));
    let want = ["document.type", "document.unknown-field"];
    refused(&store, d.about(id, day, wrong), &want).await;
    let same = correct(&change, Some(json!({ "members": 50 })));
    refused(&store, d.about(id, day, same), &["correct.same"]).await;
    let other = d.organisation();
    file(&store, d.about(other, FOUNDED, cooperative(other, "Hồi Bình Gia"))).await;
    refused(&store, d.about(other, day, correct(&change, None)), &["correct.other"]).await;
    let remark = Remark { filing: Some(change.id), text: "đã đối chiếu".to_owned() };
    let remark = file(&store, d.about(id, day, event(Event::Annotate(remark)))).await.filing;
    refused(&store, d.about(id, day, correct(&remark, None)), &["correct.kind"]).await;
    sound(&store).await;
}

async fn a_merger_keeps_its_lineage(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, id, _) = set_up(database, &mut d).await;
    let [into, nobody, split] = std::array::from_fn(|_| d.organisation());
    let day = date(2023, 5, 1);
    file(&store, d.about(into, FOUNDED, cooperative(into, "Hồi Bình Gia"))).await;
    let merge = |into| event(Event::Merge(Merger { into, reason: String::new() }));
    refused(&store, d.about(id, day, merge(nobody)), &["lineage.unknown"]).await;
    refused(&store, d.about(id, day, merge(id)), &["lineage.itself"]).await;
    let merged = file(&store, d.about(id, day, merge(into))).await.filing;
    let lineage = store.lineage(into).await.unwrap();
    let steps: Vec<_> = lineage.iter().map(|s| (s.source, s.result, s.way, s.on)).collect();
    assert_eq!(steps, [(id, into, Way::Merged, day)]);
    assert_eq!(store.lineage(id).await.unwrap(), lineage);
    assert_eq!(on(&store, id, day).await.2, Status::Terminated);
    // Nothing more can be filed about it, except that the merger was a mistake.
    let notice = Notice { note: "đổi số điện thoại".to_owned(), ..Notice::default() };
    let late = d.about(id, date(2023, 6, 1), event(Event::Notify(notice)));
    refused(&store, late, &["organisation.terminated"]).await;
    file(&store, d.about(id, day, correct(&merged, None))).await;
    assert_eq!(store.lineage(into).await.unwrap(), []);
    assert_eq!(store.find_organisation(id).await.unwrap().unwrap().ceased_on, None);
    file(&store, d.about(split, day, cooperative(split, "Na Chi Lăng"))).await;
    let separate = |members| {
        let body = Division { into: vec![split], members, capital: None, reason: String::new() };
        event(Event::Separate(body))
    };
    refused(&store, d.about(id, day, separate(Some(6))), &["members.too-few"]).await;
    file(&store, d.about(id, day, separate(Some(9)))).await;
    assert_eq!(on(&store, id, day).await.1, Some(9));
    assert_eq!(store.lineage(split).await.unwrap().first().unwrap().way, Way::Separated);
    sound(&store).await;
}

async fn a_status_says_what_is_possible(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, id, _) = set_up(database, &mut d).await;
    let mut day = date(2021, 1, 1);
    let ended = |outcome| {
        let (decision, issuer) = ("7/QĐ".to_owned(), "Tòa án".to_owned());
        event(Event::EndBankruptcy(BankruptcyEnd { outcome, decision, issuer }))
    };
    let withdrawn = |ground| {
        event(Event::Withdraw(Withdrawal {
            ground,
            decision: "3/QĐ".to_owned(),
            issuer: "UBND xã".to_owned(),
            reason: String::new(),
        }))
    };
    let steps = [
        (event(Event::LeaveAddress(Reason::default())), Status::NotAtAddress),
        (event(Event::ReturnToAddress(Reason::default())), Status::Operating),
        (withdrawn(WithdrawalGround::Tax), Status::Withdrawn),
        (event(Event::Restore(order())), Status::Operating),
        (withdrawn(WithdrawalGround::Inactive), Status::Closing),
        (event(Event::OpenBankruptcy(order())), Status::Bankrupt),
        (ended(BankruptcyOutcome::Discontinued), Status::Operating),
        (event(Event::OpenBankruptcy(order())), Status::Bankrupt),
        (ended(BankruptcyOutcome::Declared), Status::Terminated),
    ];
    for (body, want) in steps {
        if want == Status::Terminated {
            let dissolve = Body::OrganisationDissolve(Reason::default());
            refused(&store, d.about(id, day, dissolve), &["organisation.status"]).await;
        }
        day = day.tomorrow().unwrap();
        file(&store, d.about(id, day, body)).await;
        assert_eq!(on(&store, id, day).await.2, want);
    }
    // A group has no bankruptcy.
    let group = d.organisation();
    file(&store, d.establish(group, FOUNDED)).await;
    let open = d.about(group, day, event(Event::OpenBankruptcy(order())));
    refused(&store, open, &["organisation.status"]).await;
    sound(&store).await;
}

async fn a_founding_that_may_be_a_duplicate_is_warned_of(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, first, _) = set_up(database, &mut d).await;
    let warned = async |store: &Store, draft: Draft| {
        let found = check(store, &registrar(), draft).await.unwrap();
        found.iter().filter(|finding| finding.code == "organisation.alike").count()
    };
    let id = d.organisation();
    let founding = |name: &str| cooperative(id, name);
    let day = date(2023, 1, 1);
    assert_eq!(warned(&store, d.about(id, day, founding("rau an toàn Mai Pha"))).await, 1);
    assert_eq!(warned(&store, d.about(id, day, founding("Hồi Bình Gia"))).await, 0);
    // A warning is no refusal; the second record is folded into the first when it turns out to be the same.
    file(&store, d.about(id, day, founding("rau an toàn Mai Pha"))).await;
    let duplicate = Merger { into: first, reason: "đăng ký hai lần".to_owned() };
    file(&store, d.about(id, day, event(Event::Duplicate(duplicate)))).await;
    assert_eq!(store.lineage(first).await.unwrap().first().unwrap().way, Way::Duplicate);
    assert_eq!(warned(&store, d.about(d_id(), day, founding("rau an toàn Mai Pha"))).await, 1);
    sound(&store).await;
}

/// Some other identity.
fn d_id() -> OrganisationId {
    "01890000-0000-7000-8000-0000000000ee".parse().unwrap()
}
