//! Signing in: the ways that lead in, and all those that do not.

use hoptac_model::account::{AccountName, AccountState, Grant, Role, Scope};
use hoptac_model::filing::account::{AccountAct, Invitation};
use hoptac_model::filing::{Body, Hash, Reason, Subject};
use hoptac_model::ids::FilingId;
use hoptac_office::identity::{self, LinkFactor, SignInError, Visit};
use hoptac_office::key::{Key, Token};
use hoptac_office::password::Weakness;
use hoptac_office::{Actor, Refusal, accept};
use hoptac_store::{SessionStage, Store};
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::Drafts;
use jiff::{SignedDuration, Timestamp};

hoptac_testkit::both_databases! {
    an_invitation_is_taken_up_once,
    a_wrong_name_is_answered_as_a_wrong_password,
    whoever_tries_too_often_waits,
    a_session_planted_before_is_not_the_one_after,
    the_second_factor_is_asked_for_and_used_up,
    another_password_ends_all_other_sessions,
    a_locked_account_is_out_at_once,
    a_link_is_made_by_those_who_may_and_runs_out,
    an_identity_of_the_provider_leads_to_one_account,
    an_account_is_taken_up_with_an_identity,
}

const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);
const GOOD: &str = "bốn con trâu gặm cỏ";

fn at(minutes: i64) -> Visit<'static> {
    let at = NOW + SignedDuration::from_mins(minutes);
    Visit { address: "10.0.0.7", browser: "Firefox", at }
}

fn token(number: u8) -> Token {
    Token::new([number; 32])
}

fn id(number: u128) -> FilingId {
    FilingId(uuid::Uuid::from_u128(number))
}

fn key() -> Key {
    Key::new([9; 32])
}

fn so() -> AccountName {
    "so-khdt".into()
}

async fn an_identity_of_the_provider_leads_to_one_account(database: &TestDatabase) {
    let store = active(database).await;
    let (mine, other) = (Hash::of(b"mine"), Hash::of(b"other"));
    let enter = async |identity, old: Option<&Token>, fresh| {
        identity::sign_in_as(&store, at(5), identity, old, &token(fresh)).await
    };
    assert!(matches!(enter(mine, None, 3).await, Err(SignInError::Unbound)));
    identity::bind(&store, &so(), mine, NOW).await.unwrap();
    assert_eq!(enter(mine, None, 3).await.unwrap(), SessionStage::Whole);
    assert_eq!(who(&store, &token(3), 6).await.as_deref(), Some("so-khdt"));
    // The session that the browser had ends.
    assert_eq!(enter(mine, Some(&token(3)), 4).await.unwrap(), SessionStage::Whole);
    assert_eq!(who(&store, &token(3), 6).await, None);
    // No other account gets it, and this one may have another.
    let taken = identity::bind(&store, &"pho".into(), mine, NOW).await;
    assert!(matches!(taken, Err(SignInError::Taken)));
    identity::bind(&store, &so(), other, NOW).await.unwrap();
    assert!(matches!(enter(mine, None, 5).await, Err(SignInError::Unbound)));
    // The account's own second factor is still asked for.
    let letters = std::array::from_fn(|at| u8::try_from(at).unwrap());
    let (secret, chance) = ([5; 20], ([6; 24], letters));
    let code = identity::code_at(&secret, NOW);
    identity::set_second_factor(&store, &key(), &so(), (secret, &code), NOW, chance).await.unwrap();
    assert_eq!(enter(other, None, 5).await.unwrap(), SessionStage::Halfway);
    assert_eq!(who(&store, &token(5), 6).await, None);
    // Unbound by whoever has the password, and by nobody else.
    let wrong = identity::unbind(&store, &so(), "không phải".to_owned(), NOW).await;
    assert!(matches!(wrong, Err(SignInError::Wrong)));
    identity::unbind(&store, &so(), GOOD.to_owned(), NOW).await.unwrap();
    assert!(matches!(enter(other, None, 6).await, Err(SignInError::Unbound)));
    // Nor does it lead into an account that is locked.
    identity::bind(&store, &so(), other, NOW).await.unwrap();
    let body = Body::Account(AccountAct::Lock(Reason::default()));
    let mut draft = Drafts::default().draft(Subject::account(&so()), identity::day_of(NOW), body);
    (draft.recorded_at, draft.id) = (NOW, id(77));
    accept(&store, &Actor::new("operator", Role::Operator), draft).await.unwrap();
    assert!(matches!(enter(other, None, 7).await, Err(SignInError::Unbound)));
}

async fn an_account_is_taken_up_with_an_identity(database: &TestDatabase) {
    let store = invited(database).await;
    let mine = Hash::of(b"mine");
    let up = async |link: u8, fresh: u8| {
        let chance = (&token(fresh), id(u128::from(fresh)));
        identity::take_up_as(&store, at(1), (&token(link), mine), chance).await
    };
    assert!(matches!(up(9, 3).await, Err(SignInError::RunOut)));
    assert_eq!(up(1, 3).await.unwrap(), SessionStage::Whole);
    assert_eq!(who(&store, &token(3), 2).await.as_deref(), Some("so-khdt"));
    assert!(matches!(up(1, 4).await, Err(SignInError::RunOut)), "the link works once");
    let account = store.find_account(&so()).await.unwrap().unwrap();
    assert_eq!(account.state, AccountState::Active);
    // Without a password nothing else would lead in.
    let unbound = identity::unbind(&store, &so(), String::new(), NOW).await;
    assert!(matches!(unbound, Err(SignInError::NoPassword)));
    let wrong = try_in(&store, at(3), "so-khdt", "", &token(5)).await;
    assert!(matches!(wrong, Err(SignInError::Wrong)));
}

/// A store with an invited account and its link.
async fn invited(database: &TestDatabase) -> Store {
    let store = database.store().await;
    let grants = vec![Grant { role: Role::PlanOwner, scope: Scope::ALL }];
    let invitation = Invitation { title: "Sở".to_owned(), grants };
    let body = Body::Account(AccountAct::Invite(invitation));
    let day = identity::day_of(NOW);
    let mut draft = Drafts::default().draft(Subject::account(&so()), day, body);
    draft.recorded_at = NOW;
    let operator = Actor::new("operator", Role::Operator);
    accept(&store, &operator, draft).await.unwrap();
    identity::make_link(&store, &operator, &so(), &token(1), NOW, LinkFactor::Kept).await.unwrap();
    store
}

/// The same, taken up.
async fn active(database: &TestDatabase) -> Store {
    let store = invited(database).await;
    let chance = (&token(2), [1; 16], id(1));
    identity::take_up(&store, at(0), (&token(1), GOOD.to_owned()), chance).await.unwrap();
    identity::sign_out(&store, &token(2)).await.unwrap();
    store
}

async fn try_in(
    store: &Store,
    visit: Visit<'_>,
    name: &str,
    password: &str,
    fresh: &Token,
) -> Result<SessionStage, SignInError> {
    identity::sign_in(store, visit, (name, password.to_owned()), None, fresh).await
}

async fn who(store: &Store, token: &Token, minutes: i64) -> Option<String> {
    let found = identity::visitor(store, token, at(minutes).at).await.unwrap();
    let whole = found.filter(|(session, _)| session.stage == SessionStage::Whole);
    whole.map(|(_, account)| account.name.0)
}

async fn an_invitation_is_taken_up_once(database: &TestDatabase) {
    let store = invited(database).await;
    let link = async |token: &Token, password: &str, fresh: &Token, n| {
        let chance = (fresh, [1; 16], id(n));
        identity::take_up(&store, at(1), (token, password.to_owned()), chance).await
    };
    let whose = identity::whose_link(&store, &token(1), NOW).await.unwrap().unwrap();
    assert_eq!((whose.name, whose.state), (so(), AccountState::Invited));
    let none = link(&token(7), GOOD, &token(2), 1).await;
    assert!(matches!(none, Err(SignInError::RunOut)));
    let weak = link(&token(1), "matkhau123456", &token(2), 1).await;
    assert!(matches!(weak, Err(SignInError::Weak(Weakness::Common))));
    assert_eq!(link(&token(1), GOOD, &token(2), 1).await.unwrap(), SessionStage::Whole);
    assert_eq!(who(&store, &token(2), 2).await.as_deref(), Some("so-khdt"));
    let again = link(&token(1), GOOD, &token(3), 2).await;
    assert!(matches!(again, Err(SignInError::RunOut)));
    let account = store.find_account(&so()).await.unwrap().unwrap();
    assert_eq!(account.state, AccountState::Active);
    let filing = store.find_filing(2).await.unwrap().unwrap();
    assert_eq!((filing.kind.code(), filing.actor.as_str()), ("account.activate", "so-khdt"));
    // Nothing that was typed, and nothing made of it, is in the ledger.
    for filing in store.filings(0, 10).await.unwrap() {
        assert!(!filing.body.contains("argon2") && !filing.body.contains("trâu"));
    }
}

async fn a_wrong_name_is_answered_as_a_wrong_password(database: &TestDatabase) {
    let store = active(database).await;
    for (name, password) in [
        ("so-khdt", "sai mật khẩu rồi"),
        ("khong-co", GOOD),
        ("Không Có", GOOD),
        ("", ""),
        ("so-khdt'; DROP TABLE account; --", GOOD),
    ] {
        let error = try_in(&store, at(1), name, password, &token(2)).await.unwrap_err();
        assert_eq!(error.to_string(), "the account, the password or the code is not right");
    }
    assert_eq!(who(&store, &token(2), 1).await, None);
    let stage = try_in(&store, at(1), " SO-khdt", GOOD, &token(3)).await.unwrap();
    assert_eq!(stage, SessionStage::Whole);
}

async fn whoever_tries_too_often_waits(database: &TestDatabase) {
    let store = active(database).await;
    // An account that does not exist is counted as one that does.
    for name in ["so-khdt", "khong-co"] {
        for _ in 0..5 {
            let wrong = try_in(&store, at(1), name, "sai", &token(2)).await;
            assert!(matches!(wrong, Err(SignInError::Wrong)), "{wrong:?}");
        }
        let waits = try_in(&store, at(1), name, GOOD, &token(2)).await;
        assert!(matches!(waits, Err(SignInError::Wait(1))), "{waits:?}");
    }
    assert!(try_in(&store, at(3), "so-khdt", GOOD, &token(3)).await.is_ok());
    // One address that tries many names waits too; others do not.
    for n in 0..20 {
        let name = format!("tai-khoan-{n}");
        let _ = try_in(&store, at(4), &name, "sai", &token(2)).await;
    }
    let waits = try_in(&store, at(4), "so-khdt", GOOD, &token(4)).await;
    assert!(matches!(waits, Err(SignInError::Wait(_))), "{waits:?}");
    let elsewhere = Visit { address: "10.0.0.8", ..at(4) };
    assert!(try_in(&store, elsewhere, "so-khdt", GOOD, &token(5)).await.is_ok());
}

async fn a_session_planted_before_is_not_the_one_after(database: &TestDatabase) {
    let store = active(database).await;
    try_in(&store, at(1), "so-khdt", GOOD, &token(2)).await.unwrap();
    let typed = ("so-khdt", GOOD.to_owned());
    identity::sign_in(&store, at(2), typed, Some(&token(2)), &token(3)).await.unwrap();
    assert_eq!(who(&store, &token(2), 2).await, None, "the old token is no longer good");
    assert!(who(&store, &token(3), 2).await.is_some());
    assert_eq!(who(&store, &token(4), 2).await, None, "a token that nobody gave out is nobody's");
    assert_eq!(who(&store, &token(3), 200).await, None, "it was left for too long");
}

async fn the_second_factor_is_asked_for_and_used_up(database: &TestDatabase) {
    let store = active(database).await;
    let secret = [3; 20];
    let code = |minutes| identity::code_at(&secret, at(minutes).at);
    let set = async |code: &str| {
        let chance = ([4; 24], std::array::from_fn(|n| u8::try_from(n).unwrap()));
        identity::set_second_factor(&store, &key(), &so(), (secret, code), NOW, chance).await
    };
    assert!(matches!(set("000000").await, Err(SignInError::Wrong)));
    let recovery = set(&code(0)).await.unwrap();
    assert_eq!(recovery.len(), identity::RECOVERY_CODES);

    let halfway = async |minutes: i64, n: u8| {
        let stage = try_in(&store, at(minutes), "so-khdt", GOOD, &token(n)).await.unwrap();
        assert_eq!(stage, SessionStage::Halfway);
        assert_eq!(who(&store, &token(n), minutes).await, None, "half the way is not in");
    };
    let second = async |minutes: i64, from: u8, code: &str, to: u8| {
        identity::second_factor(&store, &key(), at(minutes), &token(from), code, &token(to)).await
    };
    halfway(0, 10).await;
    let again = second(0, 10, &code(0), 11).await;
    assert!(matches!(again, Err(SignInError::Wrong)), "the code that set it up is used up");
    assert!(second(2, 10, &code(2), 11).await.is_ok());
    assert!(who(&store, &token(11), 2).await.is_some());
    let spent = second(2, 10, &code(2), 12).await;
    assert!(matches!(spent, Err(SignInError::RunOut)), "the half-way token is used up");

    halfway(3, 13).await;
    assert!(second(3, 13, &recovery.first().unwrap().to_uppercase(), 14).await.is_ok());
    halfway(3, 15).await;
    assert!(matches!(second(3, 15, recovery.first().unwrap(), 16).await, Err(SignInError::Wrong)));
    for _ in 0..4 {
        let _ = second(3, 15, "123456", 16).await;
    }
    assert!(matches!(second(3, 15, recovery.get(1).unwrap(), 16).await, Err(SignInError::Wait(1))));
    assert!(matches!(second(20, 15, recovery.get(1).unwrap(), 16).await, Err(SignInError::RunOut)));
    // Whoever has the database but not the key cannot make a code.
    halfway(30, 17).await;
    let other = Key::new([8; 32]);
    let code = code(30);
    let stolen =
        identity::second_factor(&store, &other, at(30), &token(17), &code, &token(18)).await;
    assert!(matches!(stolen, Err(SignInError::Wrong)));
    identity::drop_second_factor(&store, &so(), GOOD.to_owned(), at(31).at).await.unwrap();
    let stage = try_in(&store, at(31), "so-khdt", GOOD, &token(19)).await.unwrap();
    assert_eq!(stage, SessionStage::Whole);
}

async fn another_password_ends_all_other_sessions(database: &TestDatabase) {
    let store = active(database).await;
    for n in [2, 3] {
        try_in(&store, at(1), "so-khdt", GOOD, &token(n)).await.unwrap();
    }
    let change = async |old: &str, new: &str| {
        let typed = (old.to_owned(), new.to_owned());
        identity::change_password(&store, &so(), typed, at(2), &token(4), [2; 16]).await
    };
    let new = "năm con bò gặm rơm";
    assert!(matches!(change("sai", new).await, Err(SignInError::Wrong)));
    assert!(matches!(change(GOOD, "ngắn").await, Err(SignInError::Weak(Weakness::Short))));
    change(GOOD, new).await.unwrap();
    for n in [2, 3] {
        assert_eq!(who(&store, &token(n), 2).await, None);
    }
    assert!(who(&store, &token(4), 2).await.is_some());
    assert!(try_in(&store, at(3), "so-khdt", GOOD, &token(5)).await.is_err());
    assert!(try_in(&store, at(3), "so-khdt", new, &token(5)).await.is_ok());
    identity::sign_out_everywhere(&store, &so(), Some(token(5).hash())).await.unwrap();
    assert_eq!(who(&store, &token(4), 3).await, None);
    assert!(who(&store, &token(5), 3).await.is_some());
}

async fn a_locked_account_is_out_at_once(database: &TestDatabase) {
    let store = active(database).await;
    try_in(&store, at(1), "so-khdt", GOOD, &token(2)).await.unwrap();
    let body = Body::Account(AccountAct::Lock(Reason::default()));
    let mut draft =
        Drafts::starting_at(7).draft(Subject::account(&so()), identity::day_of(NOW), body);
    draft.recorded_at = at(2).at;
    accept(&store, &Actor::new("operator", Role::Operator), draft).await.unwrap();
    assert_eq!(who(&store, &token(2), 3).await, None);
    let error = try_in(&store, at(3), "so-khdt", GOOD, &token(3)).await.unwrap_err();
    assert!(matches!(error, SignInError::Wrong));
}

async fn a_link_is_made_by_those_who_may_and_runs_out(database: &TestDatabase) {
    let store = active(database).await;
    let make = async |role, n| {
        let actor = Actor::new("ai", role);
        identity::make_link(&store, &actor, &so(), &token(n), NOW, LinkFactor::Kept).await
    };
    assert!(matches!(make(Role::Leader, 20).await, Err(Refusal::NotAllowed { .. })));
    assert!(matches!(make(Role::Registrar, 20).await, Err(Refusal::OutOfScope { .. })));
    make(Role::PlanOwner, 20).await.unwrap();
    let late = NOW + identity::LINK;
    assert!(identity::whose_link(&store, &token(20), late).await.unwrap().is_none());
    let early = late - SignedDuration::from_secs(1);
    assert!(identity::whose_link(&store, &token(20), early).await.unwrap().is_some());
    make(Role::Operator, 21).await.unwrap();
    assert!(identity::whose_link(&store, &token(20), NOW).await.unwrap().is_none());
    let nobody = AccountName::from("khong-co");
    let operator = Actor::new("ai", Role::Operator);
    let made =
        identity::make_link(&store, &operator, &nobody, &token(22), NOW, LinkFactor::Kept).await;
    assert!(matches!(made, Err(Refusal::Invalid(_))));
}
