//! What filings come to: states over time, returns, plans, places; and that the tables always equal a plain fold.

use hoptac_model::filing::{
    Body, Change, Draft, FiguresPublish, PlanAdopt, PlanAttach, ReturnAccept, Subject, UnionChange,
};
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::organisation::{Kind, Sector, Status};
use hoptac_store::{Error, Store};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::{TestDatabase, on_postgres, on_sqlite};
use hoptac_testkit::draft::Drafts;
use hoptac_testkit::fold::fold;
use hoptac_testkit::history::random;
use hoptac_testkit::pack::{figure, small_pack};
use jiff::civil::{Date, date};

use crate::history::{append, append_all, full};

both_databases! {
    an_organisation_begins_operating,
    states_follow_one_another,
    a_back_dated_change_is_carried_into_later_states,
    a_back_dated_end_keeps_what_was_filed_for_later,
    of_two_filings_of_one_day_the_later_holds,
    nothing_is_resumed_after_the_end,
    nothing_is_effective_before_the_founding,
    an_organisation_is_established_once,
    a_new_main_activity_decides_the_sector,
    a_new_seat_forgets_the_former_commune_of_the_old,
    a_return_is_late_from_the_sixteenth_of_december,
    the_plan_says_when_returns_are_late,
    every_version_of_a_return_is_kept,
    a_contract_is_signed_once_and_ended_while_it_is_there,
    a_cooperative_joins_leaves_and_joins_again,
    the_register_holds_a_filing_of_every_kind,
    a_name_may_look_like_several_fields_and_rows,
    places_read_back,
    the_plan_reads_back_with_later_figures,
    the_plan_adopted_last_holds,
    the_text_belongs_to_its_plan,
    a_code_has_an_owner,
}

async fn an_organisation_begins_operating(database: &TestDatabase) {
    let store = database.store().await;
    let mut drafts = Drafts::default();
    let id = drafts.organisation();
    append(&store, &drafts.establish(id, date(2023, 5, 15))).await.unwrap();
    let card = store.find_organisation(id).await.unwrap().unwrap();
    assert_eq!((card.kind, card.status, card.version), (Kind::Group, Status::Operating, 1));
    assert_eq!((card.founded_on, card.ceased_on), (date(2023, 5, 15), None));
    assert_eq!((card.members, card.sector), (Some(7), Sector::Agricultural));
    assert!(!card.synthetic);
    assert_eq!(store.find_organisation(drafts.organisation()).await.unwrap(), None);
}

async fn states_follow_one_another(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let drafts = [
        d.establish(id, date(2022, 1, 1)),
        d.members(id, date(2022, 6, 1), 12),
        d.suspend(id, date(2023, 1, 1)),
        d.resume(id, date(2023, 3, 1)),
        d.convert(id, date(2024, 1, 1)),
        d.dissolve(id, date(2025, 1, 1)),
    ];
    append_all(&store, &drafts).await.unwrap();
    assert_eq!(
        states(&store).await,
        [
            (date(2022, 1, 1), Kind::Group, Status::Operating, Some(7)),
            (date(2022, 6, 1), Kind::Group, Status::Operating, Some(12)),
            (date(2023, 1, 1), Kind::Group, Status::Suspended, Some(12)),
            (date(2023, 3, 1), Kind::Group, Status::Operating, Some(12)),
            (date(2024, 1, 1), Kind::Cooperative, Status::Operating, Some(9)),
            (date(2025, 1, 1), Kind::Cooperative, Status::Terminated, Some(9)),
        ]
    );
    let card = store.find_organisation(id).await.unwrap().unwrap();
    assert_eq!((card.ceased_on, card.version), (Some(date(2025, 1, 1)), 6));
    assert_eq!(card.name, "Hợp tác xã 1");
    sound(&store).await;
}

async fn a_back_dated_change_is_carried_into_later_states(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let drafts = [
        d.establish(id, date(2022, 1, 1)),
        d.suspend(id, date(2023, 1, 1)),
        // Filed last, effective in between.
        d.members(id, date(2022, 6, 1), 20),
    ];
    append_all(&store, &drafts).await.unwrap();
    assert_eq!(
        states(&store).await,
        [
            (date(2022, 1, 1), Kind::Group, Status::Operating, Some(7)),
            (date(2022, 6, 1), Kind::Group, Status::Operating, Some(20)),
            (date(2023, 1, 1), Kind::Group, Status::Suspended, Some(20)),
        ]
    );
    let card = store.find_organisation(id).await.unwrap().unwrap();
    assert_eq!((card.status, card.members, card.version), (Status::Suspended, Some(20), 3));
    sound(&store).await;
}

async fn a_back_dated_end_keeps_what_was_filed_for_later(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let drafts = [
        d.establish(id, date(2022, 1, 1)),
        d.members(id, date(2023, 1, 1), 20),
        d.dissolve(id, date(2022, 6, 1)),
    ];
    append_all(&store, &drafts).await.unwrap();
    assert_eq!(
        states(&store).await,
        [
            (date(2022, 1, 1), Kind::Group, Status::Operating, Some(7)),
            (date(2022, 6, 1), Kind::Group, Status::Terminated, Some(7)),
            (date(2023, 1, 1), Kind::Group, Status::Terminated, Some(20)),
        ]
    );
    let card = store.find_organisation(id).await.unwrap().unwrap();
    assert_eq!(card.ceased_on, Some(date(2022, 6, 1)));
    sound(&store).await;
}

async fn of_two_filings_of_one_day_the_later_holds(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let day = date(2022, 6, 1);
    let drafts =
        [d.establish(id, date(2022, 1, 1)), d.members(id, day, 20), d.members(id, day, 30)];
    append_all(&store, &drafts).await.unwrap();
    let members: Vec<_> = states(&store).await.into_iter().map(|state| state.3).collect();
    assert_eq!(members, [Some(7), Some(20), Some(30)]);
    assert_eq!(store.find_organisation(id).await.unwrap().unwrap().members, Some(30));
}

async fn nothing_is_resumed_after_the_end(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let drafts = [d.establish(id, date(2022, 1, 1)), d.dissolve(id, date(2023, 1, 1))];
    append_all(&store, &drafts).await.unwrap();
    inapplicable(&store, &d.resume(id, date(2023, 2, 1)), "ceased to exist by then").await;
    // Before the end it could still suspend its business.
    append(&store, &d.suspend(id, date(2022, 6, 1))).await.unwrap();
}

async fn nothing_is_effective_before_the_founding(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    append(&store, &d.establish(id, date(2022, 1, 1))).await.unwrap();
    let early = d.members(id, date(2021, 12, 31), 8);
    inapplicable(&store, &early, "before the organisation is founded").await;
}

async fn an_organisation_is_established_once(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    append(&store, &d.establish(id, date(2022, 1, 1))).await.unwrap();
    inapplicable(&store, &d.establish(id, date(2022, 2, 1)), "already established").await;
}

async fn a_new_main_activity_decides_the_sector(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let change = Change { vsic: Some('G'), ..Change::default() };
    let drafts = [
        d.establish(id, date(2022, 1, 1)),
        d.about(id, date(2022, 2, 1), Body::OrganisationChange(change)),
    ];
    append_all(&store, &drafts).await.unwrap();
    let card = store.find_organisation(id).await.unwrap().unwrap();
    assert_eq!((card.vsic, card.sector), ('G', Sector::NonAgricultural));
}

async fn a_new_seat_forgets_the_former_commune_of_the_old(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let seat = |seat: &str, former: Option<&str>| {
        Body::OrganisationChange(Change {
            seat: Some(seat.into()),
            seat_former: former.map(UnitId::from),
            ..Change::default()
        })
    };
    let drafts = [
        d.establish(id, date(2022, 1, 1)),
        d.about(id, date(2025, 8, 1), seat("05986.2025", Some("05980"))),
        d.about(id, date(2025, 9, 1), seat("05977.2025", None)),
    ];
    append_all(&store, &drafts).await.unwrap();
    let register = store.register().await.unwrap();
    let formers: Vec<_> = register.states.iter().map(|state| state.seat_former.clone()).collect();
    assert_eq!(formers, [None, Some("05980".into()), None]);
}

async fn a_return_is_late_from_the_sixteenth_of_december(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let (one, other) = (d.organisation(), d.organisation());
    let drafts = [
        d.establish(one, date(2022, 1, 1)),
        d.establish(other, date(2022, 1, 1)),
        a_return(&mut d, one, date(2023, 12, 15), 2023, 7),
        a_return(&mut d, other, date(2023, 12, 16), 2023, 7),
    ];
    append_all(&store, &drafts).await.unwrap();
    let late: Vec<_> = store.register().await.unwrap().returns.iter().map(|r| r.late).collect();
    assert_eq!(late, [false, true]);
}

async fn the_plan_says_when_returns_are_late(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let (one, other) = (d.organisation(), d.organisation());
    let drafts = [
        adopt(&mut d, "thu-2023"),
        d.establish(one, date(2022, 1, 1)),
        d.establish(other, date(2022, 1, 1)),
        a_return(&mut d, one, date(2023, 3, 31), 2023, 7),
        a_return(&mut d, other, date(2023, 4, 1), 2023, 7),
    ];
    append_all(&store, &drafts).await.unwrap();
    let late: Vec<_> = store.register().await.unwrap().returns.iter().map(|r| r.late).collect();
    assert_eq!(late, [false, true]);
}

async fn every_version_of_a_return_is_kept(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let drafts = [
        d.establish(id, date(2022, 1, 1)),
        a_return(&mut d, id, date(2023, 12, 1), 2023, 7),
        a_return(&mut d, id, date(2023, 12, 10), 2023, 8),
        a_return(&mut d, id, date(2022, 12, 10), 2022, 6),
    ];
    append_all(&store, &drafts).await.unwrap();
    let register = store.register().await.unwrap();
    let names: Vec<&str> = register.return_columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["members_total"]);
    let said = |filed| register.return_value(filed, "members_total");
    let returns: Vec<_> = register.returns.iter().map(|r| (r.year, r.on, said(r))).collect();
    assert_eq!(
        returns,
        [
            (2022, date(2022, 12, 10), Some(6)),
            (2023, date(2023, 12, 1), Some(7)),
            (2023, date(2023, 12, 10), Some(8)),
        ]
    );
}

async fn a_contract_is_signed_once_and_ended_while_it_is_there(database: &TestDatabase) {
    let store = database.store().await;
    let all = full();
    append_all(&store, &all).await.unwrap();
    let one = all[6].subject.as_organisation().unwrap();
    let mut writing = store.begin().await.unwrap();
    let terms = writing.link(one, "HĐ-1").await.unwrap();
    let spans: Vec<_> = terms.iter().map(|terms| (terms.from, terms.to)).collect();
    assert_eq!(spans, [(date(2023, 6, 1), Some(date(2023, 12, 31)))]);
    assert_eq!(writing.link(one, "HĐ-2").await.unwrap(), []);
    let held = writing.certificate(one, "OCOP-1").await.unwrap().unwrap();
    // Three years less a day follow from the kind.
    assert_eq!(held.to, Some(date(2026, 5, 31)));
    assert_eq!(writing.certificate(one, "OCOP-2").await.unwrap(), None);
    drop(writing);
    let mut d = Drafts::starting_at(500);
    let again = d.about(one, date(2024, 3, 1), all[6].body.clone());
    inapplicable(&store, &again, "already has a contract `HĐ-1`").await;
    let again = d.about(one, date(2024, 3, 1), all[7].body.clone());
    inapplicable(&store, &again, "already has a certificate `OCOP-1`").await;
    let Body::LinkEnd(mut end) = all[13].body.clone() else { panic!("a contract ends") };
    "HĐ-2".clone_into(&mut end.link);
    let end = d.about(one, date(2024, 3, 1), Body::LinkEnd(end));
    inapplicable(&store, &end, "has no contract `HĐ-2`").await;
}

async fn a_cooperative_joins_leaves_and_joins_again(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let (one, union) = (d.organisation(), d.organisation());
    let change = UnionChange { union };
    let drafts = [
        d.establish(one, date(2022, 1, 1)),
        d.establish(union, date(2022, 1, 1)),
        d.about(one, date(2022, 2, 1), Body::UnionJoin(change.clone())),
        d.about(one, date(2022, 3, 1), Body::UnionLeave(change.clone())),
    ];
    append_all(&store, &drafts).await.unwrap();
    let leave = d.about(one, date(2022, 4, 1), Body::UnionLeave(change.clone()));
    inapplicable(&store, &leave, "is not a member of the union").await;
    append(&store, &d.about(one, date(2022, 5, 1), Body::UnionJoin(change.clone()))).await.unwrap();
    let join = d.about(one, date(2022, 6, 1), Body::UnionJoin(change));
    inapplicable(&store, &join, "already a member of the union").await;
    let nobody = d.organisation();
    let join = d.about(one, date(2022, 6, 1), Body::UnionJoin(UnionChange { union: nobody }));
    inapplicable(&store, &join, "there is no such union").await;
    let spans: Vec<_> =
        store.register().await.unwrap().memberships.iter().map(|m| (m.from, m.to)).collect();
    assert_eq!(spans, [(date(2022, 2, 1), Some(date(2022, 3, 1))), (date(2022, 5, 1), None)]);
    let mut writing = store.begin().await.unwrap();
    assert_eq!(writing.member_since(one, union).await.unwrap(), Some(date(2022, 5, 1)));
}

async fn the_register_holds_a_filing_of_every_kind(database: &TestDatabase) {
    let store = database.store().await;
    append_all(&store, &full()).await.unwrap();
    let register = store.register().await.unwrap();
    assert_eq!(register, fold(&full()));
    assert_eq!(register.position, 15);
    assert_eq!(register.links.len(), 1);
    assert_eq!(register.certificates.len(), 1);
    assert_eq!(register.adoptions.len(), 1);
    assert_eq!(register.promotions.len(), 1);
    assert_eq!(register.memberships.len(), 1);
}

async fn a_name_may_look_like_several_fields_and_rows(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    // What the database would write for a name, the end of its row and the beginning of another row.
    let names = ["Tổ", "Tổ\u{1f}2023-05-15\u{1f}real\u{1f}\u{1e}x\u{1f}", "\u{1e}", ""];
    for name in names {
        let id = d.organisation();
        let mut draft = d.establish(id, date(2023, 5, 15));
        let Body::OrganisationEstablish(body) = &mut draft.body else { panic!("no founding") };
        name.clone_into(&mut body.name);
        append(&store, &draft).await.unwrap();
    }
    let register = store.register().await.unwrap();
    let read: Vec<&str> = register.organisations.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(read, names);
    assert_eq!(register.states.len(), names.len());
}

async fn places_read_back(database: &TestDatabase) {
    let store = database.store().await;
    append_all(&store, &full()).await.unwrap();
    let Body::UnitsAdopt(adopted) = full().remove(0).body else { panic!("units come first") };
    let places = store.places().await.unwrap();
    assert_eq!(places.all().cloned().collect::<Vec<_>>(), adopted.units);
    assert_eq!(places.successors(), adopted.successors);
    let mut writing = store.begin().await.unwrap();
    let id = UnitId::from("05977.2025");
    assert_eq!(writing.unit(&id).await.unwrap().as_ref(), adopted.units.last());
    assert_eq!(writing.unit(&"99".into()).await.unwrap(), None);
}

async fn the_plan_reads_back_with_later_figures(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let publish = |d: &mut Drafts, figures: Vec<_>| {
        let body = Body::FiguresPublish(FiguresPublish { figures });
        d.draft(Subject::figures(), date(2023, 6, 1), body)
    };
    let drafts = [
        // Published before the plan was adopted, whose own figures are newer.
        publish(&mut d, vec![figure("old", date(2020, 12, 31), 790.0)]),
        adopt(&mut d, "thu-2023"),
        publish(
            &mut d,
            vec![
                figure("population-2023", date(2023, 12, 31), 807.3),
                figure("population-2022", date(2022, 12, 31), 802.1),
            ],
        ),
    ];
    assert_eq!(store.plan().await.unwrap(), None);
    append_all(&store, &drafts).await.unwrap();
    let plan = store.plan().await.unwrap().unwrap();
    assert_eq!((plan.position, plan.files_hash.as_str()), (2, "hash-thu-2023"));
    let mut want = small_pack("thu-2023");
    want.figures = vec![
        figure("population-2022", date(2022, 12, 31), 802.1),
        figure("population-2023", date(2023, 12, 31), 807.3),
    ];
    assert_eq!(plan.pack, want);
}

async fn the_plan_adopted_last_holds(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let drafts = [adopt(&mut d, "mot-2023"), adopt(&mut d, "hai-2024"), adopt(&mut d, "mot-2023")];
    append_all(&store, &drafts).await.unwrap();
    let plan = store.plan().await.unwrap().unwrap();
    assert_eq!((plan.pack.id.as_str(), plan.position), ("mot-2023", 3));
}

async fn the_text_belongs_to_its_plan(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let attached = PlanAttach {
        file_name: "ke-hoach.txt".to_owned(),
        file_hash: "ef".repeat(32),
        text: "Kế hoạch\n".to_owned(),
    };
    let attach = |d: &mut Drafts, pack: &str, text: &str| {
        let body = PlanAttach { text: text.to_owned(), ..attached.clone() };
        d.draft(Subject::plan(pack), date(2023, 6, 1), Body::PlanAttach(body))
    };
    let drafts = [
        adopt(&mut d, "mot-2023"),
        attach(&mut d, "mot-2023", "trước\n"),
        attach(&mut d, "mot-2023", "sau\n"),
    ];
    assert_eq!(store.plan_text().await.unwrap(), None);
    append_all(&store, &drafts).await.unwrap();
    let text = store.plan_text().await.unwrap().unwrap();
    assert_eq!((text.text.as_str(), text.position), ("sau\n", 3));
    append(&store, &adopt(&mut d, "hai-2024")).await.unwrap();
    assert_eq!(store.plan_text().await.unwrap(), None);
}

async fn a_code_has_an_owner(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let id = d.organisation();
    let change = Change { code: Some("4900233488".to_owned()), ..Change::default() };
    let drafts = [
        d.establish(id, date(2022, 1, 1)),
        d.about(id, date(2022, 1, 2), Body::OrganisationChange(change)),
    ];
    append_all(&store, &drafts).await.unwrap();
    let mut writing = store.begin().await.unwrap();
    assert_eq!(writing.code_owner("4900233488").await.unwrap(), Some(id));
    assert_eq!(writing.code_owner("4900233489").await.unwrap(), None);
}

#[test]
fn tables_equal_a_plain_fold_on_sqlite() {
    random(asked("HOPTAC_HISTORIES").unwrap_or(64), |drafts| {
        on_sqlite(async |database| holds(database, drafts).await);
    });
}

#[test]
fn tables_equal_a_plain_fold_on_postgres() {
    random(asked("HOPTAC_HISTORIES_POSTGRES").unwrap_or(8), |drafts| {
        on_postgres(async |database| holds(database, drafts).await);
    });
}

/// How many histories are asked for: `cargo xtask histories 10000` says so by the environment.
fn asked(name: &str) -> Option<u32> {
    #[expect(clippy::disallowed_methods, reason = "how much is tested is a matter of who tests")]
    std::env::var(name).ok()?.parse().ok()
}

/// The register equals the plain fold, and what was written filing by filing equals what a rebuild makes.
async fn holds(database: &TestDatabase, drafts: &[Draft]) {
    let store = database.store().await;
    append_all(&store, drafts).await.unwrap();
    assert_eq!(store.register().await.unwrap(), fold(drafts));
    sound(&store).await;
    for table in store.rebuild(&mut |_| ()).await.unwrap().tables {
        assert_eq!(table.changed, 0, "{table:?}");
    }
    assert_eq!(store.register().await.unwrap(), fold(drafts));
    store.close().await;
}

/// Day, kind, status and members of all states.
async fn states(store: &Store) -> Vec<(Date, Kind, Status, Option<i64>)> {
    let register = store.register().await.unwrap();
    register.states.iter().map(|s| (s.from, s.kind, s.status, s.members)).collect()
}

async fn sound(store: &Store) {
    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
}

/// The store refuses the filing and says why.
async fn inapplicable(store: &Store, draft: &Draft, why: &str) {
    let error = append(store, draft).await.unwrap_err();
    assert!(matches!(error, Error::Inapplicable { .. }), "{error}");
    assert!(error.to_string().contains(why), "{error}");
}

fn a_return(d: &mut Drafts, id: OrganisationId, on: Date, year: i16, members: i64) -> Draft {
    let values = [("members_total".to_owned(), members)].into_iter().collect();
    d.about(id, on, Body::ReturnAccept(ReturnAccept { year, form_version: 1, values }))
}

fn adopt(d: &mut Drafts, id: &str) -> Draft {
    let body = PlanAdopt { files_hash: format!("hash-{id}"), pack: small_pack(id) };
    d.draft(Subject::plan(id), date(2023, 5, 15), Body::PlanAdopt(Box::new(body)))
}
