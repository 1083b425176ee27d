//! Accounts: who gives whom what, what a scope keeps out, and who is left to run the instance.

use hoptac_model::account::{AccountState, Grant, Scope, SignsFor};
use hoptac_model::filing::account::{AccountAct, Delegation, Invitation, Revocation};
use hoptac_model::filing::annual_return::ReturnSubmit;
use hoptac_model::filing::{Body, Draft, Establish, PracticeConfirm, Reason, Subject};
use hoptac_model::ids::OrganisationId;
use hoptac_model::register::Practice;
use hoptac_office::{Actor, Refusal, Role, accept, check};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::{Drafts, establishment};
use hoptac_testkit::reform::decision;
use jiff::civil::{Date, date};

use crate::ledger::set_up;

hoptac_testkit::both_databases! {
    a_registrar_files_within_its_territory_only,
    an_organisation_files_its_own_papers_only,
    an_agency_confirms_in_its_own_name_only,
    accounts_are_given_by_those_who_have_more,
    a_grant_names_what_its_role_is_bounded_by,
    somebody_is_left_to_run_the_instance,
    a_delegation_is_given_by_its_owner_and_signed_in_the_ledger,
    a_closed_account_stays_closed,
}

const DAY: Date = Date::constant(2023, 6, 1);

fn operator() -> Actor {
    Actor::new("operator", Role::Operator)
}

fn about(d: &mut Drafts, name: &str, act: AccountAct) -> Draft {
    d.draft(Subject::account(&name.into()), DAY, Body::Account(act))
}

fn invite(d: &mut Drafts, name: &str, grants: Vec<Grant>) -> Draft {
    about(d, name, AccountAct::Invite(Invitation { title: "Phòng".to_owned(), grants }))
}

fn grant(role: Role, scope: Scope) -> Grant {
    Grant { role, scope }
}

async fn codes(store: &Store, actor: &Actor, draft: Draft) -> Vec<&'static str> {
    match accept(store, actor, draft).await {
        Err(Refusal::Invalid(findings)) => findings.iter().map(|finding| finding.code).collect(),
        Err(Refusal::OutOfScope { .. }) => vec!["out of scope"],
        Err(Refusal::NotAllowed { .. }) => vec!["not allowed"],
        Ok(_) => Vec::new(),
        Err(other) => panic!("{other}"),
    }
}

/// A store with two organisations, in the communes 05971 of district 178 and 06001 of district 180.
async fn two(database: &TestDatabase, d: &mut Drafts) -> (Store, [OrganisationId; 2]) {
    let store = set_up(database, d).await;
    let ids = [d.organisation(), d.organisation()];
    for (id, seat) in ids.into_iter().zip(["05971", "06001"]) {
        let body = Establish { seat: seat.into(), ..establishment(id) };
        let draft = d.about(id, date(2023, 1, 2), Body::OrganisationEstablish(body));
        accept(&store, &operator(), draft).await.unwrap();
    }
    (store, ids)
}

async fn a_registrar_files_within_its_territory_only(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, [inside, outside]) = two(database, &mut d).await;
    let registrar = Actor::new("dk.178", Role::Registrar).within(Scope::territory("178"));
    assert!(codes(&store, &registrar, d.members(inside, DAY, 9)).await.is_empty());
    // What lies outside is answered as what does not exist, to the letter.
    let nowhere = d.organisation();
    let draft = d.members(outside, DAY, 9);
    let told = accept(&store, &registrar, draft.clone()).await.unwrap_err().to_string();
    let unknown = accept(&store, &registrar, d.members(nowhere, DAY, 9)).await.unwrap_err();
    assert_eq!(
        told.replace(&outside.to_string(), "…"),
        unknown.to_string().replace(&nowhere.to_string(), "…")
    );
    let findings = check(&store, &registrar, draft).await.unwrap();
    assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["organisation.unknown"]);
    let mut found = |seat: &str| {
        let id = d.organisation();
        let body = Establish {
            seat: seat.into(),
            name: format!("Tổ hợp tác Dệt {seat}"),
            ..establishment(id)
        };
        d.about(id, DAY, Body::OrganisationEstablish(body))
    };
    let (there, here) = (found("06001"), found("05971"));
    assert_eq!(codes(&store, &registrar, there).await, ["out of scope"]);
    assert!(codes(&store, &registrar, here).await.is_empty());
}

async fn an_organisation_files_its_own_papers_only(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, [own, other]) = two(database, &mut d).await;
    let cooperative = Actor::new("htx", Role::Cooperative).within(Scope::organisation(own));
    let values = [("members_total", 7), ("workers", 5), ("revenue", 9), ("profit_before_tax", 1)]
        .map(|(field, value)| (field.to_owned(), value))
        .into();
    let submit = ReturnSubmit { year: 2023, form_version: 1, values };
    let last = date(2023, 12, 31);
    let mut late = Drafts::starting_at(20_000_000);
    let mut paper = |id| late.about(id, last, Body::ReturnSubmit(submit.clone()));
    let (theirs, mine) = (paper(other), paper(own));
    assert_eq!(codes(&store, &cooperative, theirs).await, ["organisation.unknown"]);
    let told = codes(&store, &cooperative, mine).await;
    assert!(!told.contains(&"organisation.unknown"), "{told:?}");
    assert_eq!(codes(&store, &cooperative, d.members(own, DAY, 9)).await, ["not allowed"]);
}

async fn an_agency_confirms_in_its_own_name_only(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, [one, _]) = two(database, &mut d).await;
    let scope = Scope { agency: Some("so-cong-thuong".to_owned()), ..Scope::ALL };
    let officer = Actor::new("sct", Role::DepartmentOfficer).within(scope);
    let mut confirm = |by: &str| {
        let body = PracticeConfirm {
            practice: Practice::DirectExport,
            items: vec!["hợp đồng".to_owned()],
            evidence: String::new(),
            confirmed_by: by.to_owned(),
            to: None,
        };
        d.about(one, DAY, Body::PracticeConfirm(body))
    };
    let (own, other) = (confirm("so-cong-thuong"), confirm("so-khac"));
    assert!(codes(&store, &officer, own).await.is_empty());
    assert_eq!(codes(&store, &officer, other).await, ["out of scope"]);
}

async fn accounts_are_given_by_those_who_have_more(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, [inside, outside]) = two(database, &mut d).await;
    let owner = Actor::new("so", Role::PlanOwner);
    let registrar = Actor::new("dk.178", Role::Registrar).within(Scope::territory("178"));
    let operators = vec![grant(Role::Operator, Scope::ALL)];
    let registrars = vec![grant(Role::Registrar, Scope::territory("178"))];
    let of = |id| vec![grant(Role::Cooperative, Scope::organisation(id))];
    for (actor, name, grants, want) in [
        (&owner, "qt.1", operators.clone(), &["out of scope"][..]),
        (&owner, "dk.1", registrars.clone(), &[]),
        (&registrar, "dk.2", registrars, &["out of scope"]),
        (&registrar, "htx.1", of(inside), &[]),
        (&registrar, "htx.2", of(outside), &["out of scope"]),
        (&registrar, "htx.3", Vec::new(), &["out of scope"]),
        (&operator(), "qt.1", operators, &[]),
    ] {
        assert_eq!(codes(&store, actor, invite(&mut d, name, grants)).await, want, "{name}");
    }
    let leader = Actor::new("uy-ban", Role::Leader);
    let draft = invite(&mut d, "ai-do", Vec::new());
    assert_eq!(codes(&store, &leader, draft).await, ["not allowed"]);
    // Nobody locks, or gives more to, an account that has more than they.
    let lock = |d: &mut Drafts, name| about(d, name, AccountAct::Lock(Reason::default()));
    let draft = lock(&mut d, "qt.1");
    assert_eq!(codes(&store, &owner, draft).await, ["out of scope"]);
    let draft = lock(&mut d, "dk.1");
    assert_eq!(codes(&store, &registrar, draft).await, ["out of scope"]);
    let draft = lock(&mut d, "htx.1");
    assert!(codes(&store, &registrar, draft).await.is_empty());
    let more = AccountAct::Grant(grant(Role::PlanOwner, Scope::ALL));
    let draft = about(&mut d, "qt.1", more);
    assert_eq!(codes(&store, &owner, draft).await, ["out of scope"]);
}

async fn a_grant_names_what_its_role_is_bounded_by(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, _) = two(database, &mut d).await;
    let agency = |id: &str| Scope { agency: Some(id.to_owned()), ..Scope::ALL };
    for (n, (role, scope, want)) in [
        (Role::Registrar, Scope::ALL, "account.unbounded"),
        (Role::Cooperative, Scope::ALL, "account.unbounded"),
        (Role::DepartmentOfficer, Scope::ALL, "account.unbounded"),
        (Role::DepartmentOfficer, agency("so-la"), "account.agency"),
        (Role::Operator, Scope::territory("178"), "account.scope"),
        (Role::Registrar, Scope::territory("999"), "account.territory"),
        (Role::Public, Scope::ALL, "account.role"),
    ]
    .into_iter()
    .enumerate()
    {
        let draft = invite(&mut d, &format!("tai-khoan.{n}"), vec![grant(role, scope)]);
        assert_eq!(codes(&store, &operator(), draft).await, [want], "{role}");
    }
    let draft = d.draft(
        Subject("account/Sở Nông nghiệp".to_owned()),
        DAY,
        Body::Account(AccountAct::Invite(Invitation {
            title: "Sở".to_owned(),
            grants: Vec::new(),
        })),
    );
    assert_eq!(codes(&store, &operator(), draft).await, ["account.name"]);
}

async fn activate(store: &Store, d: &mut Drafts, name: &str) {
    let draft = about(d, name, AccountAct::Activate(Reason::default()));
    accept(store, &Actor::new(name, Role::Leader), draft).await.unwrap();
}

async fn somebody_is_left_to_run_the_instance(database: &TestDatabase) {
    let mut d = Drafts::default();
    let store = set_up(database, &mut d).await;
    let operators = || vec![grant(Role::Operator, Scope::ALL)];
    for name in ["qt.1", "qt.2"] {
        accept(&store, &operator(), invite(&mut d, name, operators())).await.unwrap();
        activate(&store, &mut d, name).await;
    }
    let lock = about(&mut d, "qt.1", AccountAct::Lock(Reason::default()));
    assert!(codes(&store, &operator(), lock).await.is_empty());
    let revoke = Revocation { grant: operators().remove(0), reason: String::new() };
    for act in [
        AccountAct::Lock(Reason::default()),
        AccountAct::Close(Reason::default()),
        AccountAct::Revoke(revoke),
    ] {
        let draft = about(&mut d, "qt.2", act);
        assert_eq!(codes(&store, &operator(), draft).await, ["account.last-operator"]);
    }
}

async fn a_delegation_is_given_by_its_owner_and_signed_in_the_ledger(database: &TestDatabase) {
    let mut d = Drafts::default();
    let (store, [one, _]) = two(database, &mut d).await;
    let registrar = grant(Role::Registrar, Scope::territory("178"));
    let leader = grant(Role::Leader, Scope::ALL);
    for (name, own) in [("truong", registrar), ("pho", leader)] {
        accept(&store, &operator(), invite(&mut d, name, vec![own])).await.unwrap();
        activate(&store, &mut d, name).await;
    }
    let delegation = Delegation {
        of: "truong".into(),
        form: SignsFor::Kt,
        to: date(2023, 6, 30),
        decision: decision(DAY),
    };
    let mut delegate = |body: &Delegation| about(&mut d, "pho", AccountAct::Delegate(body.clone()));
    let pho = Actor::new("pho", Role::Leader);
    let truong = Actor::new("truong", Role::Registrar).within(Scope::territory("178"));
    assert_eq!(codes(&store, &pho, delegate(&delegation)).await, ["out of scope"]);
    let over = Delegation { to: date(2023, 5, 31), ..delegation.clone() };
    assert_eq!(codes(&store, &truong, delegate(&over)).await, ["account.delegation-days"]);
    let own = Delegation { of: "pho".into(), ..delegation.clone() };
    assert_eq!(codes(&store, &pho, delegate(&own)).await, ["account.delegation-self"]);
    assert!(codes(&store, &truong, delegate(&delegation)).await.is_empty());

    let account = store.find_account(&"pho".into()).await.unwrap().unwrap();
    let others = store.accounts().await.unwrap();
    let actors = Actor::of(&account, &others, DAY);
    let acting = actors.iter().find(|actor| actor.acting_for.is_some()).unwrap();
    let accepted = accept(&store, acting, d.members(one, DAY, 11)).await.unwrap();
    assert_eq!(accepted.filing.actor, "pho KT. truong");
    assert!(Actor::of(&account, &others, date(2023, 7, 1)).iter().all(|a| a.acting_for.is_none()));
}

async fn a_closed_account_stays_closed(database: &TestDatabase) {
    let mut d = Drafts::default();
    let store = set_up(database, &mut d).await;
    let leader = vec![grant(Role::Leader, Scope::ALL)];
    accept(&store, &operator(), invite(&mut d, "uy-ban", leader.clone())).await.unwrap();
    let draft = about(&mut d, "uy-ban", AccountAct::Unlock(Reason::default()));
    assert_eq!(codes(&store, &operator(), draft).await, ["account.state"]);
    let draft = about(&mut d, "uy-ban", AccountAct::Close(Reason::default()));
    assert!(codes(&store, &operator(), draft).await.is_empty());
    let draft = about(&mut d, "uy-ban", AccountAct::Unlock(Reason::default()));
    assert_eq!(codes(&store, &operator(), draft).await, ["account.closed"]);
    let draft = invite(&mut d, "uy-ban", leader);
    assert_eq!(codes(&store, &operator(), draft).await, ["account.exists"]);
    let account = store.find_account(&"uy-ban".into()).await.unwrap().unwrap();
    assert_eq!(account.state, AccountState::Closed);
}
