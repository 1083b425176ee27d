//! Accounts follow from the ledger; what proves who signs in does not, and is nowhere in it.

use hoptac_model::account::{AccountName, AccountState, Grant, Role, Scope, SignsFor};
use hoptac_model::filing::account::{
    AccountAct, Delegation, DelegationEnd, Invitation, Revocation,
};
use hoptac_model::filing::{
    Body, Draft, Establish, Filing, FilingKind, Hash, Reason, Subject, UnitsAdopt,
};
use hoptac_model::unit::{Level, Successor, Unit};
use hoptac_store::{CredentialChange, Error, LedgerQuestion, Session, SessionStage, Store};
use hoptac_testkit::both_databases;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::{Drafts, establishment};
use hoptac_testkit::reform::decision;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};

use crate::history::{append, append_all};

both_databases! {
    accounts_follow_from_the_ledger,
    what_does_not_fit_an_account_is_refused,
    a_former_commune_decides_for_a_territory_that_ended,
    the_ledger_is_looked_through_newest_first,
    credentials_are_apart_and_used_up,
    sessions_begin_and_end,
    failures_are_counted_and_forgotten,
}

const DAY: Date = Date::constant(2026, 3, 2);
const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);

fn about(d: &mut Drafts, name: &str, on: Date, act: AccountAct) -> Draft {
    d.draft(Subject::account(&name.into()), on, Body::Account(act))
}

fn registrar() -> Grant {
    Grant { role: Role::Registrar, scope: Scope::territory("05971") }
}

fn leader() -> Grant {
    Grant { role: Role::Leader, scope: Scope::ALL }
}

fn invite(d: &mut Drafts, name: &str) -> Draft {
    let invitation =
        Invitation { title: "Phòng đăng ký".to_owned(), grants: vec![registrar(), leader()] };
    about(d, name, DAY, AccountAct::Invite(invitation))
}

fn delegate(d: &mut Drafts, name: &str, of: &str) -> Draft {
    let delegation = Delegation {
        of: of.into(),
        form: SignsFor::Kt,
        to: date(2026, 12, 31),
        decision: decision(DAY),
    };
    about(d, name, DAY, AccountAct::Delegate(delegation))
}

async fn accounts_follow_from_the_ledger(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let later = date(2026, 6, 1);
    let revoke = Revocation { grant: registrar(), reason: String::new() };
    let end = DelegationEnd { of: "so".into(), reason: "chuyển công tác".to_owned() };
    let drafts = [
        invite(&mut d, "so"),
        invite(&mut d, "pho"),
        about(&mut d, "pho", DAY, AccountAct::Activate(Reason::default())),
        about(&mut d, "pho", later, AccountAct::Revoke(revoke)),
        delegate(&mut d, "pho", "so"),
        about(&mut d, "pho", later, AccountAct::EndDelegation(end)),
        about(&mut d, "so", later, AccountAct::Lock(Reason::default())),
    ];
    append_all(&store, &drafts).await.unwrap();

    let accounts = store.accounts().await.unwrap();
    let names: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
    assert_eq!(names, ["pho", "so"]);
    let pho = store.find_account(&"pho".into()).await.unwrap().unwrap();
    assert_eq!((pho.state, pho.version), (AccountState::Active, 5));
    assert_eq!(pho.grants_on(DAY).count(), 2);
    assert_eq!(pho.grants_on(later).collect::<Vec<_>>(), [&leader()]);
    assert_eq!(pho.delegations_on(date(2026, 5, 31)).count(), 1);
    assert_eq!(pho.delegations_on(later).count(), 0);
    assert_eq!(pho, accounts[0]);
    assert_eq!(accounts[1].state, AccountState::Locked);

    assert_eq!(store.verify(&mut |_| ()).await.unwrap().problem, None);
    let rebuilt = store.rebuild(&mut |_| ()).await.unwrap();
    assert!(rebuilt.tables.iter().all(|table| table.changed == 0), "{rebuilt:?}");
    assert_eq!(store.accounts().await.unwrap(), accounts);
}

async fn what_does_not_fit_an_account_is_refused(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    append(&store, &invite(&mut d, "so")).await.unwrap();
    let owner = Grant { role: Role::PlanOwner, scope: Scope::ALL };
    let revoke = Revocation { grant: owner, reason: String::new() };
    for (draft, why) in [
        (invite(&mut d, "so"), "there is an account so already"),
        (about(&mut d, "pho", DAY, AccountAct::Lock(Reason::default())), "there is no account pho"),
        (about(&mut d, "so", DAY, AccountAct::Revoke(revoke)), "so has no such grant"),
    ] {
        let error = append(&store, &draft).await.unwrap_err();
        assert!(matches!(error, Error::Inapplicable { .. }), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
}

async fn a_former_commune_decides_for_a_territory_that_ended(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let (last, first) = (date(2025, 6, 30), date(2025, 7, 1));
    let unit = |id: &str, level, parent: Option<&str>, from, to| Unit {
        id: id.into(),
        code: id.split('.').next().unwrap().to_owned(),
        level,
        name: id.to_owned(),
        parent: parent.map(Into::into),
        lat_e4: None,
        lon_e4: None,
        valid_from: from,
        valid_to: to,
    };
    let next = |old: &str| Successor {
        old: old.into(),
        new: "05971.2025".into(),
        whole: true,
        default: true,
    };
    let units = UnitsAdopt {
        source: "danh mục".to_owned(),
        units: vec![
            unit("20", Level::Province, None, None, None),
            unit("178", Level::District, Some("20"), None, Some(last)),
            unit("180", Level::District, Some("20"), None, Some(last)),
            unit("05971", Level::Commune, Some("178"), None, Some(last)),
            unit("06001", Level::Commune, Some("180"), None, Some(last)),
            unit("05971.2025", Level::Commune, Some("20"), Some(first), None),
        ],
        successors: vec![next("05971"), next("06001")],
    };
    let ids: Vec<_> = (0..4).map(|_| d.organisation()).collect();
    let mut found = |n: usize, seat: &str, former: Option<&str>, on: Date| {
        let body = Establish {
            seat: seat.into(),
            seat_former: former.map(Into::into),
            ..establishment(ids[n])
        };
        d.about(ids[n], on, Body::OrganisationEstablish(body))
    };
    let mut drafts = vec![
        found(0, "05971", None, date(2024, 1, 1)),
        found(1, "06001", None, date(2024, 1, 1)),
        found(2, "05971.2025", Some("05971"), first),
        found(3, "05971.2025", None, first),
    ];
    drafts.insert(0, d.draft(Subject::units(), date(2024, 1, 1), Body::UnitsAdopt(units)));
    // The clock goes on from draft to draft, whatever the order in which they were made.
    for (second, draft) in (0_i64..).zip(&mut drafts) {
        draft.recorded_at = NOW + SignedDuration::from_secs(second);
    }
    append_all(&store, &drafts).await.unwrap();
    for (territory, want) in [
        ("178", vec![ids[0], ids[2]]),
        ("180", vec![ids[1]]),
        ("05971", vec![ids[0], ids[2]]),
        ("05971.2025", ids.clone()),
        ("20", ids.clone()),
        ("99", vec![]),
    ] {
        let scope = Scope::territory(territory);
        let within = store.organisations_within(&scope, DAY).await.unwrap();
        let within: Vec<_> = within.iter().map(|card| card.id).collect();
        assert_eq!(within, want, "{territory}");
        for id in &ids {
            let is = store.is_within(*id, &scope, DAY).await.unwrap();
            assert_eq!(is, want.contains(id), "{territory}");
        }
    }
    let own = store.organisations_within(&Scope::organisation(ids[1]), DAY).await.unwrap();
    assert_eq!(own.len(), 1);
}

async fn the_ledger_is_looked_through_newest_first(database: &TestDatabase) {
    let store = database.store().await;
    let mut d = Drafts::default();
    let mut drafts = vec![
        invite(&mut d, "so"),
        invite(&mut d, "pho"),
        about(&mut d, "pho", DAY, AccountAct::Activate(Reason::default())),
        about(&mut d, "pho", DAY, AccountAct::Lock(Reason::default())),
    ];
    for (day, draft) in (0_i64..).zip(&mut drafts) {
        draft.recorded_at = NOW + SignedDuration::from_hours(24 * day);
        ["so", "pho KT. so", "pho", "khac"][usize::try_from(day).unwrap()]
            .clone_into(&mut draft.actor);
    }
    append_all(&store, &drafts).await.unwrap();
    let positions = async |question: LedgerQuestion| -> Vec<u64> {
        let found: Vec<Filing> = store.filings_newest(&question, 10).await.unwrap();
        found.iter().map(|filing| filing.position).collect()
    };
    let any = LedgerQuestion::default;
    assert_eq!(positions(any()).await, [4, 3, 2, 1]);
    let of = |name: &str| LedgerQuestion { actor: Some(name.to_owned()), ..any() };
    assert_eq!(positions(of("so")).await, [2, 1]);
    assert_eq!(positions(of("pho")).await, [3, 2]);
    let invited = LedgerQuestion { kind: Some(FilingKind::AccountInvite), ..any() };
    assert_eq!(positions(invited).await, [2, 1]);
    let subject = Some(Subject("account/pho".to_owned()));
    assert_eq!(positions(LedgerQuestion { subject, before: Some(4), ..any() }).await, [3, 2]);
    let second = jiff::tz::Offset::constant(7).to_datetime(drafts[1].recorded_at).date();
    let days = LedgerQuestion { from: Some(second), to: Some(second), ..any() };
    assert_eq!(positions(days).await, [2]);
}

fn name() -> AccountName {
    "so".into()
}

async fn change(store: &Store, change: CredentialChange<'_>) {
    store.change_credentials(&[change]).await.unwrap();
}

async fn credentials_are_apart_and_used_up(database: &TestDatabase) {
    let store = database.store().await;
    let (account, code) = (name(), Hash::of(b"code"));
    assert_eq!(store.credential(&account).await.unwrap(), hoptac_store::Credential::default());
    change(&store, CredentialChange::Password { account: &account, hash: "$argon2id$", at: NOW })
        .await;
    let factor = CredentialChange::SecondFactor {
        account: &account,
        sealed: Some("ab"),
        recovery: &[code, Hash::of(b"other")],
    };
    change(&store, factor).await;
    let kept = store.credential(&account).await.unwrap();
    assert_eq!(kept.password_hash.as_deref(), Some("$argon2id$"));
    assert_eq!((kept.totp_sealed.as_deref(), kept.recovery_codes), (Some("ab"), 2));
    assert_eq!(kept.changed_at, Some(NOW));
    // A recovery code is good once, and only for its account.
    assert!(!store.take_recovery_code(&"pho".into(), code).await.unwrap());
    assert!(store.take_recovery_code(&account, code).await.unwrap());
    assert!(!store.take_recovery_code(&account, code).await.unwrap());
    // So is a step, with those before it.
    assert!(store.take_totp_step(&account, 7).await.unwrap());
    assert!(!store.take_totp_step(&account, 7).await.unwrap());
    assert!(!store.take_totp_step(&account, 6).await.unwrap());
    assert!(store.take_totp_step(&account, 8).await.unwrap());
    let none = CredentialChange::SecondFactor { account: &account, sealed: None, recovery: &[] };
    change(&store, none).await;
    let kept = store.credential(&account).await.unwrap();
    assert_eq!((kept.totp_sealed, kept.recovery_codes), (None, 0));
    // An account is bound to one identity, and an identity to one account.
    let (identity, later) = (Hash::of(b"identity"), Hash::of(b"later"));
    for hash in [identity, later] {
        change(&store, CredentialChange::Bind { account: &account, identity: hash, at: NOW }).await;
        assert_eq!(store.account_of_identity(hash).await.unwrap(), Some(account.clone()));
    }
    assert_eq!(store.account_of_identity(identity).await.unwrap(), None);
    assert_eq!(store.credential(&account).await.unwrap().bound_at, Some(NOW));
    let other = "pho".into();
    let taken = CredentialChange::Bind { account: &other, identity: later, at: NOW };
    assert!(store.change_credentials(&[taken]).await.is_err());
    assert_eq!(store.account_of_identity(later).await.unwrap(), Some(account.clone()));
    change(&store, CredentialChange::Unbind(&account)).await;
    assert_eq!(store.account_of_identity(later).await.unwrap(), None);
    assert_eq!(store.credential(&account).await.unwrap().bound_at, None);
    assert_eq!(store.position().await.unwrap(), 0, "nothing of it is in the ledger");

    let (first, second) = (Hash::of(b"1"), Hash::of(b"2"));
    for hash in [first, second] {
        change(&store, CredentialChange::Link { account: &account, hash, expires_at: NOW }).await;
    }
    assert_eq!(store.link_of(first).await.unwrap(), None);
    assert_eq!(store.link_of(second).await.unwrap(), Some((account.clone(), NOW)));
    change(&store, CredentialChange::DropLinks(&account)).await;
    assert_eq!(store.link_of(second).await.unwrap(), None);
}

async fn sessions_begin_and_end(database: &TestDatabase) {
    let store = database.store().await;
    let session = |token: &[u8], account: &str| Session {
        hash: Hash::of(token),
        account: account.into(),
        stage: SessionStage::Whole,
        started_at: NOW,
        seen_at: NOW,
        browser: "Firefox".to_owned(),
    };
    let all = [session(b"1", "so"), session(b"2", "so"), session(b"3", "pho")];
    for session in &all {
        change(&store, CredentialChange::Begin(session)).await;
    }
    let later = NOW + SignedDuration::from_mins(5);
    change(&store, CredentialChange::Seen { session: all[1].hash, at: later }).await;
    let seen = store.session(all[1].hash).await.unwrap().unwrap();
    assert_eq!(seen, Session { seen_at: later, ..all[1].clone() });
    let of_so = store.sessions(Some(&name())).await.unwrap();
    assert_eq!(of_so.iter().map(|s| s.hash).collect::<Vec<_>>(), [all[1].hash, all[0].hash]);
    assert_eq!(store.sessions(None).await.unwrap().len(), 3);
    let account = name();
    change(&store, CredentialChange::EndAll { account: &account, except: Some(all[0].hash) }).await;
    assert_eq!(store.sessions(Some(&account)).await.unwrap(), [all[0].clone()]);
    change(&store, CredentialChange::End(all[0].hash)).await;
    assert_eq!(store.session(all[0].hash).await.unwrap(), None);
    assert_eq!(store.sessions(None).await.unwrap(), [all[2].clone()]);
}

async fn failures_are_counted_and_forgotten(database: &TestDatabase) {
    let store = database.store().await;
    let day = SignedDuration::from_hours(24);
    for minute in 0..3 {
        let at = NOW + SignedDuration::from_mins(minute);
        change(&store, CredentialChange::Failed { key: "a", at, forget: at - day }).await;
    }
    let attempts = store.attempts("a").await.unwrap().unwrap();
    assert_eq!((attempts.failures, attempts.last_at), (3, NOW + SignedDuration::from_mins(2)));
    assert_eq!(store.attempts("b").await.unwrap(), None);
    let at = NOW + SignedDuration::from_hours(48);
    change(&store, CredentialChange::Failed { key: "b", at, forget: at - day }).await;
    assert_eq!(store.attempts("a").await.unwrap(), None, "it is a day old");
    change(&store, CredentialChange::Succeeded("b")).await;
    assert_eq!(store.attempts("b").await.unwrap(), None);
}
