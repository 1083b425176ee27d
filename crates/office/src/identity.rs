//! Who signs in: passwords, second factors, one-time links, sessions. Every step takes the time and what came from chance
//! as arguments.
//!
//! Whether an account exists is not told: a wrong name takes the same way, and the same time, as a wrong password.

use std::sync::LazyLock;

use hoptac_model::account::{Account, AccountName, AccountState, Role};
use hoptac_model::filing::account::AccountAct;
use hoptac_model::filing::{Body, Draft, Hash, Origin, Reason, Subject};
use hoptac_model::ids::FilingId;
use hoptac_store::{Attempts, Credential, CredentialChange, Error, Session, SessionStage, Store};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use totp_rs::{Algorithm, Builder, Totp};

use crate::account;
use crate::authority::Actor;
use crate::clerk::Clerk;
use crate::key::{Key, Token};
use crate::password::{self, Weakness};
use crate::refusal::Refusal;

/// After how long without use a session ends.
pub const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// After how long a session ends whatever happens.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How long somebody has for the second factor.
pub const HALFWAY: SignedDuration = SignedDuration::from_mins(10);
/// How long a one-time link works.
pub const LINK: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// How often an account may be tried before it has to wait.
const TRIES_ACCOUNT: u32 = 5;
/// How often an address may: an office sits behind one.
const TRIES_ADDRESS: u32 = 25;
/// The longest wait.
const WAIT_MINUTES_MAX: u32 = 60;
/// After how long failures are forgotten.
const FORGET: SignedDuration = SignedDuration::from_hours(24);
/// How much of a browser's own name is kept.
const BROWSER_MAX: usize = 120;

/// What is verified where there is nothing to verify, so that it takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| password::hash("nobody has this", [0; 16]));

/// Does beforehand what would make the first wrong name take longer.
pub fn prepare() {
    LazyLock::force(&NOBODY);
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name, password or code do not fit. Which, is not told.
    #[error("the account, the password or the code is not right")]
    Wrong,
    /// Too many attempts.
    #[error("too many attempts; wait {0} minutes")]
    Wait(u32),
    /// The link or the half-way session is no longer good.
    #[error("it has run out; begin again")]
    RunOut,
    /// The identity at the provider belongs to no account that is in use.
    #[error("no account is bound to this identity")]
    Unbound,
    /// The identity at the provider belongs to another account already.
    #[error("the identity is bound to another account")]
    Taken,
    /// Without its identity at the provider the account could not be signed in to: it has no password.
    #[error("the account has no password to sign in with")]
    NoPassword,
    /// The new password will not do.
    #[error("the password will not do")]
    Weak(Weakness),
    /// The filing that takes the account up was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Somebody at the door.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// Where they come from, as an address of the network.
    pub address: &'a str,
    /// What their browser calls itself.
    pub browser: &'a str,
    /// When.
    pub at: Timestamp,
}

/// The day in Viet Nam.
pub fn day_of(at: Timestamp) -> Date {
    Offset::constant(7).to_datetime(at).date()
}

/// Signs in with name and password. `old` is the session that the browser had, which ends; `fresh` the one that it gets:
/// whoever planted a token before does not have this one.
pub async fn sign_in(
    store: &Store,
    visit: Visit<'_>,
    (name, password): (&str, String),
    old: Option<&Token>,
    fresh: &Token,
) -> Result<SessionStage, SignInError> {
    let (by_account, by_address) = (account_key(name), address_key(visit.address));
    may_try(store, &by_account, TRIES_ACCOUNT, visit.at).await?;
    may_try(store, &by_address, TRIES_ADDRESS, visit.at).await?;
    let name = AccountName::parse(name);
    let account = match &name {
        Some(name) => store.find_account(name).await?,
        None => None,
    };
    let credential = match &account {
        Some(account) => store.credential(&account.name).await?,
        None => Credential::default(),
    };
    let usable = account.filter(|account| account.state == AccountState::Active);
    let stage = stage_of(&credential);
    let kept = credential.password_hash.filter(|_| usable.is_some());
    let (known, against) = (kept.is_some(), kept.unwrap_or_else(|| NOBODY.clone()));
    let fits = off_the_threads(move || password::verify(&password, &against)).await;
    let Some(account) = usable.filter(|_| known && fits) else {
        failed(store, &[&by_account, &by_address], visit.at).await?;
        return Err(SignInError::Wrong);
    };
    let session = begin(&account.name, fresh, stage, visit);
    let mut changes = vec![CredentialChange::Succeeded(&by_account)];
    changes.extend(old.map(|old| CredentialChange::End(old.hash())));
    changes.push(CredentialChange::Begin(&session));
    store.change_credentials(&changes).await?;
    Ok(stage)
}

/// Signs in with an identity that the provider has proved. A second factor of the account's own is still asked for.
pub async fn sign_in_as(
    store: &Store,
    visit: Visit<'_>,
    identity: Hash,
    old: Option<&Token>,
    fresh: &Token,
) -> Result<SessionStage, SignInError> {
    let account = match store.account_of_identity(identity).await? {
        Some(name) => store.find_account(&name).await?,
        None => None,
    };
    let usable = account.filter(|account| account.state == AccountState::Active);
    let Some(account) = usable else { return Err(SignInError::Unbound) };
    let stage = stage_of(&store.credential(&account.name).await?);
    let session = begin(&account.name, fresh, stage, visit);
    let mut changes: Vec<CredentialChange<'_>> =
        old.map(|old| CredentialChange::End(old.hash())).into_iter().collect();
    changes.push(CredentialChange::Begin(&session));
    store.change_credentials(&changes).await?;
    Ok(stage)
}

/// Where a session begins: half-way where the account has a second factor.
fn stage_of(credential: &Credential) -> SessionStage {
    match credential.totp_sealed {
        Some(_) => SessionStage::Halfway,
        None => SessionStage::Whole,
    }
}

/// Binds an account to an identity that the provider has proved, instead of the one that it was bound to.
pub async fn bind(
    store: &Store,
    account: &AccountName,
    identity: Hash,
    at: Timestamp,
) -> Result<(), SignInError> {
    let mut clerk = Clerk::new(store.begin().await?);
    is_free(&mut clerk, account, identity).await?;
    let change = CredentialChange::Bind { account, identity, at };
    clerk.writing().change_credential(&change).await?;
    Ok(clerk.commit().await?)
}

/// Whether an identity is bound to no other account.
async fn is_free(
    clerk: &mut Clerk,
    account: &AccountName,
    identity: Hash,
) -> Result<(), SignInError> {
    let bound = clerk.writing().account_of_identity(identity).await?;
    if bound.is_none_or(|bound| bound == *account) { Ok(()) } else { Err(SignInError::Taken) }
}

/// Takes an account's identity at the provider away, once the password was given again.
pub async fn unbind(
    store: &Store,
    account: &AccountName,
    password: String,
    at: Timestamp,
) -> Result<(), SignInError> {
    if store.credential(account).await?.password_hash.is_none() {
        return Err(SignInError::NoPassword);
    }
    prove(store, account, password, at).await?;
    Ok(store.change_credentials(&[CredentialChange::Unbind(account)]).await?)
}

/// Goes the second half of the way: with a code of the moment, or with a recovery code, which is then used up.
pub async fn second_factor(
    store: &Store,
    key: &Key,
    visit: Visit<'_>,
    halfway: &Token,
    code: &str,
    fresh: &Token,
) -> Result<(), SignInError> {
    let session = store.session(halfway.hash()).await?;
    let session = session
        .filter(|session| session.stage == SessionStage::Halfway && lasts(session, visit.at))
        .ok_or(SignInError::RunOut)?;
    let by_factor = format!("factor/{}", session.account);
    may_try(store, &by_factor, TRIES_ACCOUNT, visit.at).await?;
    if !code_fits(store, key, &session.account, code, visit.at).await? {
        failed(store, &[&by_factor], visit.at).await?;
        return Err(SignInError::Wrong);
    }
    let whole = begin(&session.account, fresh, SessionStage::Whole, visit);
    let changes = [
        CredentialChange::Succeeded(&by_factor),
        CredentialChange::End(halfway.hash()),
        CredentialChange::Begin(&whole),
    ];
    Ok(store.change_credentials(&changes).await?)
}

/// Whether a code is the one of the moment, not used before, or a recovery code that is left.
async fn code_fits(
    store: &Store,
    key: &Key,
    account: &AccountName,
    code: &str,
    at: Timestamp,
) -> Result<bool, Error> {
    let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let sealed = store.credential(account).await?.totp_sealed;
    let secret = sealed.and_then(|sealed| key.open(account.as_str(), &sealed));
    if let Some(step) = secret.and_then(|secret| step_of(&secret, &code, at)) {
        return store.take_totp_step(account, step).await;
    }
    let code = code.to_ascii_lowercase();
    store.take_recovery_code(account, recovery_hash(key, account, &code)).await
}

/// The step of which a code is; none where it is of none that is near.
fn step_of(secret: &[u8], code: &str, at: Timestamp) -> Option<u64> {
    totp(secret).check(code, u64::try_from(at.as_second()).ok()?)
}

/// The code of a moment: what an authenticator shows.
pub fn code_at(secret: &[u8], at: Timestamp) -> String {
    totp(secret).generate(u64::try_from(at.as_second()).unwrap_or(0)).to_string()
}

/// Six digits every thirty seconds by SHA-1, which is what every authenticator understands [RFC 6238].
fn totp(secret: &[u8]) -> Totp {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1);
    builder.with_step_duration(30).with_secret(secret.to_vec()).build_noncompliant()
}

fn recovery_hash(key: &Key, account: &AccountName, code: &str) -> Hash {
    key.code("recovery", &format!("{account}/{code}"))
}

/// A second factor that somebody is about to set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// What the authenticator is told, as a link and as a picture of it.
    pub link: String,
    /// The secret, to be typed where nothing can be scanned.
    pub secret: String,
}

/// The setup for a secret of chance.
pub fn setup(account: &AccountName, secret: [u8; 20]) -> Setup {
    let secret = base32(&secret);
    let link = format!(
        "otpauth://totp/hoptac:{account}?secret={secret}&issuer=hoptac&algorithm=SHA1&digits=6&period=30"
    );
    Setup { link, secret }
}

/// Twenty bytes as the 32 letters that authenticators take.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for five in bytes.chunks(5) {
        let mut group = [0; 8];
        for (place, byte) in group.iter_mut().skip(3).zip(five) {
            *place = *byte;
        }
        let number = u64::from_be_bytes(group);
        for shift in (0..8).rev() {
            let letter = usize::try_from((number >> (shift * 5)) & 31).unwrap_or(0);
            text.push(char::from(*LETTERS.get(letter).unwrap_or(&b'A')));
        }
    }
    text
}

/// Sets the second factor up, once a code shows that the authenticator has it. Gives the recovery codes, which are shown
/// once. `chance` makes them.
pub async fn set_second_factor(
    store: &Store,
    key: &Key,
    account: &AccountName,
    (secret, code): ([u8; 20], &str),
    at: Timestamp,
    chance: ([u8; 24], [u8; 80]),
) -> Result<Vec<String>, SignInError> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(step) = step_of(&secret, &code, at) else { return Err(SignInError::Wrong) };
    let (nonce, letters) = chance;
    let codes: Vec<String> = letters
        .chunks(8)
        .take(RECOVERY_CODES)
        .map(|chunk| base32(chunk).chars().take(10).collect::<String>().to_ascii_lowercase())
        .collect();
    let hashes: Vec<Hash> = codes.iter().map(|code| recovery_hash(key, account, code)).collect();
    let sealed = key.seal(account.as_str(), nonce, &secret);
    let change =
        CredentialChange::SecondFactor { account, sealed: Some(&sealed), recovery: &hashes };
    store.change_credentials(&[change]).await?;
    store.take_totp_step(account, step).await?;
    Ok(codes.into_iter().map(|code| shown(&code)).collect())
}

/// A recovery code as people read it: two groups of five.
fn shown(code: &str) -> String {
    let (first, second) = code.split_at_checked(5).unwrap_or((code, ""));
    format!("{first}-{second}")
}

/// Takes the second factor away, once the password was given again.
pub async fn drop_second_factor(
    store: &Store,
    account: &AccountName,
    password: String,
    at: Timestamp,
) -> Result<(), SignInError> {
    prove(store, account, password, at).await?;
    let change = CredentialChange::SecondFactor { account, sealed: None, recovery: &[] };
    Ok(store.change_credentials(&[change]).await?)
}

/// Sets another password, once the old one was given. All other sessions end, and the browser's own goes on under a fresh
/// token.
pub async fn change_password(
    store: &Store,
    account: &AccountName,
    (old, new): (String, String),
    visit: Visit<'_>,
    fresh: &Token,
    salt: [u8; 16],
) -> Result<(), SignInError> {
    if let Some(weakness) = password::weakness(&new, account.as_str()) {
        return Err(SignInError::Weak(weakness));
    }
    prove(store, account, old, visit.at).await?;
    let hash = off_the_threads(move || password::hash(&new, salt)).await;
    let session = begin(account, fresh, SessionStage::Whole, visit);
    let changes = [
        CredentialChange::Password { account, hash: &hash, at: visit.at },
        CredentialChange::DropLinks(account),
        CredentialChange::EndAll { account, except: None },
        CredentialChange::Begin(&session),
    ];
    Ok(store.change_credentials(&changes).await?)
}

/// Whether the password is the account's, asked before something that a session alone may not do; failures count as at the
/// door.
pub async fn prove(
    store: &Store,
    account: &AccountName,
    password: String,
    at: Timestamp,
) -> Result<(), SignInError> {
    let key = account_key(account.as_str());
    may_try(store, &key, TRIES_ACCOUNT, at).await?;
    let kept = store.credential(account).await?.password_hash.unwrap_or_else(|| NOBODY.clone());
    if off_the_threads(move || password::verify(&password, &kept)).await {
        Ok(store.change_credentials(&[CredentialChange::Succeeded(&key)]).await?)
    } else {
        failed(store, &[&key], at).await?;
        Err(SignInError::Wrong)
    }
}

/// The account of a one-time link that still works.
pub async fn whose_link(
    store: &Store,
    link: &Token,
    at: Timestamp,
) -> Result<Option<Account>, Error> {
    let Some((name, expires_at)) = store.link_of(link.hash()).await? else { return Ok(None) };
    if at >= expires_at {
        return Ok(None);
    }
    Ok(store.find_account(&name).await?.filter(Account::is_open))
}

/// Takes an account up by its one-time link, or gives it a new password: sets the password, files that the account is in
/// use, and signs in; all of it or nothing. The link works once.
pub async fn take_up(
    store: &Store,
    visit: Visit<'_>,
    (link, new): (&Token, String),
    (fresh, salt, id): (&Token, [u8; 16], FilingId),
) -> Result<SessionStage, SignInError> {
    let Some(account) = whose_link(store, link, visit.at).await? else {
        return Err(SignInError::RunOut);
    };
    if let Some(weakness) = password::weakness(&new, account.name.as_str()) {
        return Err(SignInError::Weak(weakness));
    }
    let hash = off_the_threads(move || password::hash(&new, salt)).await;
    let proof = CredentialChange::Password { account: &account.name, hash: &hash, at: visit.at };
    come_in(store, visit, (link, &account), proof, (fresh, id)).await
}

/// Takes an account up by its one-time link with an identity that the provider has proved, in place of a password.
pub async fn take_up_as(
    store: &Store,
    visit: Visit<'_>,
    (link, identity): (&Token, Hash),
    (fresh, id): (&Token, FilingId),
) -> Result<SessionStage, SignInError> {
    let Some(account) = whose_link(store, link, visit.at).await? else {
        return Err(SignInError::RunOut);
    };
    let proof = CredentialChange::Bind { account: &account.name, identity, at: visit.at };
    come_in(store, visit, (link, &account), proof, (fresh, id)).await
}

/// Lets somebody in by a one-time link: keeps what they will prove themselves by, files that the account is in use, begins
/// the session, and makes the link and everything that was open before worth nothing.
async fn come_in(
    store: &Store,
    visit: Visit<'_>,
    (link, account): (&Token, &Account),
    proof: CredentialChange<'_>,
    (fresh, id): (&Token, FilingId),
) -> Result<SessionStage, SignInError> {
    let name = &account.name;
    let stage = stage_of(&store.credential(name).await?);
    let session = begin(name, fresh, stage, visit);
    let mut clerk = Clerk::new(store.begin().await.map_err(Refusal::from)?);
    // Asked again under the writer's lock: of two who open the same link, one is too late.
    let again = clerk.writing().link_of(link.hash()).await?;
    if again.is_none_or(|(whose, expires_at)| whose != *name || visit.at >= expires_at) {
        return Err(SignInError::RunOut);
    }
    if let CredentialChange::Bind { identity, .. } = proof {
        is_free(&mut clerk, name, identity).await?;
    }
    if account.state == AccountState::Invited {
        // Any of its roles may take the account up; an account that was given none yet has the least.
        let role = account.grants.first().map_or(Role::Leader, |grant| grant.grant.role);
        let actor = Actor::new(name.as_str(), role);
        let draft = Draft {
            id,
            recorded_at: visit.at,
            effective_on: day_of(visit.at),
            actor: name.0.clone(),
            subject: Subject::account(name),
            expected_version: None,
            origin: Origin::Live,
            key: None,
            body: Body::Account(AccountAct::Activate(Reason::default())),
        };
        clerk.take(&actor, draft).await?;
    }
    let key = account_key(name.as_str());
    for change in [
        proof,
        CredentialChange::DropLinks(name),
        CredentialChange::EndAll { account: name, except: None },
        CredentialChange::Succeeded(&key),
        CredentialChange::Begin(&session),
    ] {
        clerk.writing().change_credential(&change).await?;
    }
    clerk.commit().await?;
    Ok(stage)
}

/// Makes a one-time link for an account; earlier ones no longer work. Who may is asked where the account was found:
/// whoever may give out all that the account has.
pub async fn make_link(
    store: &Store,
    actor: &Actor,
    account: &AccountName,
    token: &Token,
    at: Timestamp,
    second_factor: LinkFactor,
) -> Result<(), Refusal> {
    let mut clerk = Clerk::new(store.begin().await?);
    account::may_let_in(&mut clerk, actor, account, day_of(at)).await?;
    let link = CredentialChange::Link { account, hash: token.hash(), expires_at: at + LINK };
    clerk.writing().change_credential(&link).await?;
    if second_factor == LinkFactor::Dropped {
        let change = CredentialChange::SecondFactor { account, sealed: None, recovery: &[] };
        clerk.writing().change_credential(&change).await?;
    }
    Ok(clerk.commit().await?)
}

/// Whether a one-time link leaves the second factor as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFactor {
    /// It is still asked for.
    Kept,
    /// It is taken away, because its owner lost it.
    Dropped,
}

/// Whose a session's token is, where the session still lasts and the account is in use; how far it has come, the session
/// says. A session that was not seen
/// for a minute is noted as seen.
pub async fn visitor(
    store: &Store,
    token: &Token,
    at: Timestamp,
) -> Result<Option<(Session, Account)>, Error> {
    let Some(session) = store.session(token.hash()).await? else { return Ok(None) };
    if !lasts(&session, at) {
        store.change_credentials(&[CredentialChange::End(session.hash)]).await?;
        return Ok(None);
    }
    let account = store.find_account(&session.account).await?;
    let account = account.filter(|account| account.state == AccountState::Active);
    if account.is_some() && at.duration_since(session.seen_at) > SignedDuration::from_mins(1) {
        let seen = CredentialChange::Seen { session: session.hash, at };
        store.change_credentials(&[seen]).await?;
    }
    Ok(account.map(|account| (session, account)))
}

/// Ends a session.
pub async fn sign_out(store: &Store, token: &Token) -> Result<(), Error> {
    store.change_credentials(&[CredentialChange::End(token.hash())]).await
}

/// Ends a session of an account's own; a session of another's is left alone.
pub async fn end_own_session(
    store: &Store,
    account: &AccountName,
    session: Hash,
) -> Result<(), Error> {
    match store.session(session).await? {
        Some(found) if found.account == *account => {
            store.change_credentials(&[CredentialChange::End(session)]).await
        }
        _ => Ok(()),
    }
}

/// Ends all sessions of an account, except one.
pub async fn sign_out_everywhere(
    store: &Store,
    account: &AccountName,
    except: Option<Hash>,
) -> Result<(), Error> {
    store.change_credentials(&[CredentialChange::EndAll { account, except }]).await
}

/// Signs in without a password, as the labelled demo lets everybody.
pub async fn sign_in_to_demo(
    store: &Store,
    account: &AccountName,
    visit: Visit<'_>,
    old: Option<&Token>,
    fresh: &Token,
) -> Result<(), SignInError> {
    let found = store.find_account(account).await?;
    if found.is_none_or(|account| account.state != AccountState::Active) {
        return Err(SignInError::Wrong);
    }
    let session = begin(account, fresh, SessionStage::Whole, visit);
    let mut changes: Vec<CredentialChange<'_>> =
        old.map(|old| CredentialChange::End(old.hash())).into_iter().collect();
    changes.push(CredentialChange::Begin(&session));
    Ok(store.change_credentials(&changes).await?)
}

fn begin(account: &AccountName, token: &Token, stage: SessionStage, visit: Visit<'_>) -> Session {
    Session {
        hash: token.hash(),
        account: account.clone(),
        stage,
        started_at: visit.at,
        seen_at: visit.at,
        browser: visit.browser.chars().filter(|c| !c.is_control()).take(BROWSER_MAX).collect(),
    }
}

/// Whether a session still lasts.
fn lasts(session: &Session, at: Timestamp) -> bool {
    let (age, idle) = (at.duration_since(session.started_at), at.duration_since(session.seen_at));
    match session.stage {
        SessionStage::Halfway => age < HALFWAY,
        SessionStage::Whole => age < LONGEST && idle < IDLE,
    }
}

/// What attempts at an account are counted under. What was typed as a name may be anything, even a password, so that only
/// its hash is kept; and an account that does not exist is counted as one that does.
fn account_key(typed: &str) -> String {
    format!("account/{}", Hash::of(typed.trim().to_ascii_lowercase().as_bytes()))
}

fn address_key(address: &str) -> String {
    format!("address/{}", Hash::of(address.as_bytes()))
}

async fn may_try(store: &Store, key: &str, tries: u32, at: Timestamp) -> Result<(), SignInError> {
    let attempts = store.attempts(key).await?;
    match attempts.and_then(|attempts| wait(attempts, tries, at)) {
        Some(minutes) => Err(SignInError::Wait(minutes)),
        None => Ok(()),
    }
}

/// How many minutes are still to be waited: one after the last free try, then twice as many each time, to an hour at most.
fn wait(attempts: Attempts, tries: u32, at: Timestamp) -> Option<u32> {
    let over = attempts.failures.checked_sub(tries)?;
    let minutes = 1_u32.checked_shl(over).unwrap_or(u32::MAX).min(WAIT_MINUTES_MAX);
    let until = attempts.last_at + SignedDuration::from_mins(i64::from(minutes));
    let left = until.duration_since(at).as_secs();
    (left > 0).then(|| u32::try_from((left + 59) / 60).unwrap_or(WAIT_MINUTES_MAX))
}

async fn failed(store: &Store, keys: &[&str], at: Timestamp) -> Result<(), Error> {
    let changes: Vec<CredentialChange<'_>> =
        keys.iter().map(|key| CredentialChange::Failed { key, at, forget: at - FORGET }).collect();
    store.change_credentials(&changes).await
}

/// Runs what keeps a core busy where nobody else waits for it.
async fn off_the_threads<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.expect("hashing a password does not panic")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);

    #[track_caller]
    fn waits(failures: u32, after: SignedDuration, want: Option<u32>) {
        let attempts = Attempts { failures, last_at: NOW };
        assert_eq!(wait(attempts, TRIES_ACCOUNT, NOW + after), want);
    }

    #[test]
    fn the_first_tries_are_free() {
        waits(4, SignedDuration::ZERO, None);
    }
    #[test]
    fn then_each_failure_doubles_the_wait() {
        waits(5, SignedDuration::ZERO, Some(1));
        waits(6, SignedDuration::ZERO, Some(2));
        waits(8, SignedDuration::ZERO, Some(8));
        waits(8, SignedDuration::from_mins(7), Some(1));
        waits(8, SignedDuration::from_mins(8), None);
    }
    #[test]
    fn nobody_waits_longer_than_an_hour() {
        waits(60, SignedDuration::ZERO, Some(60));
        waits(u32::MAX, SignedDuration::ZERO, Some(60));
    }
    #[test]
    fn codes_are_those_of_rfc_6238() {
        // The appendix gives eight digits; six are their end.
        let secret = b"12345678901234567890";
        for (second, want) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")]
        {
            assert_eq!(code_at(secret, Timestamp::constant(second, 0)), want);
        }
    }
    #[test]
    fn a_code_is_good_for_its_step_and_the_ones_beside_it() {
        let secret = [7; 20];
        let code = code_at(&secret, NOW);
        assert!(step_of(&secret, &code, NOW).is_some());
        assert!(step_of(&secret, &code, NOW + SignedDuration::from_secs(30)).is_some());
        assert!(step_of(&secret, &code, NOW + SignedDuration::from_secs(90)).is_none());
        for wrong in ["", "000", "abcdef", "1234567", "１２３４５６"] {
            assert!(step_of(&secret, wrong, NOW).is_none(), "{wrong}");
        }
    }
    #[test]
    fn secrets_are_written_as_authenticators_read_them() {
        // RFC 4648 has these, save for the padding.
        assert_eq!(base32(b"foobarfoob"), "MZXW6YTBOJTG633C");
        assert_eq!(base32(&[0xff; 20]).len(), 32);
        let setup = setup(&"so-nnmt".into(), *b"12345678901234567890");
        assert_eq!(setup.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(setup.link.starts_with("otpauth://totp/hoptac:so-nnmt?secret=GEZD"));
    }
    #[test]
    fn sessions_end_when_they_are_left_and_when_they_are_old() {
        let session = |stage, started: i64, seen: i64| Session {
            hash: Hash::ZERO,
            account: "abc".into(),
            stage,
            started_at: NOW - SignedDuration::from_mins(started),
            seen_at: NOW - SignedDuration::from_mins(seen),
            browser: String::new(),
        };
        assert!(lasts(&session(SessionStage::Whole, 700, 100), NOW));
        assert!(!lasts(&session(SessionStage::Whole, 700, 121), NOW));
        assert!(!lasts(&session(SessionStage::Whole, 721, 1), NOW));
        assert!(!lasts(&session(SessionStage::Halfway, 11, 1), NOW));
    }
}
