//! Tokens of programs: personal ones, clients, and what clients are given in exchange. A token carries part of its owner's
//! authority and never more: what it may do is asked of its owner's roles at the time of use, and of its own words.
//!
//! A token is shown once. The database has its hash, so that nothing in it lets anybody in.

use std::fmt;

use hoptac_model::account::{Account, AccountName, AccountState};
use hoptac_model::filing::{FilingKind, Hash};
use hoptac_model::text::{Words, did_you_mean, nearest};
use hoptac_model::words;
use hoptac_store::{Error, Store, TokenKind, TokenOnFile};
use jiff::{SignedDuration, Timestamp};

use crate::authority::Reading;
use crate::key::Token;

/// How long a token works unless its owner says otherwise, in days.
pub const DAYS_USUAL: u16 = 90;
/// The longest that a token works, in days.
pub const DAYS_MAX: u16 = 366;
/// How long what a client was given works.
pub const ACCESS: SignedDuration = SignedDuration::from_hours(1);
/// How many tokens that still work an account may have.
pub const TOKENS_MAX: usize = 50;
/// The longest label, in letters.
const LABEL_MAX: usize = 80;

/// What a token may do: words of the table of authority, as `read.register` or `return.submit`; `read.*` for every reading,
/// `organisation.*` for every kind of one noun, `file.*` for every kind of filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions(Vec<String>);

impl Permissions {
    /// Everything that its owner may.
    pub fn all() -> Self {
        Self(vec!["read.*".to_owned(), "file.*".to_owned()])
    }

    /// Reads words between blanks. Says which one there is not.
    pub fn parse(text: &str) -> Result<Self, Words> {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        if words.is_empty() {
            return Err(words!(
                "chưa ghi quyền nào; ví dụ `read.*` hoặc `read.register return.submit`",
                "no permission is written; write for instance `read.*` or `read.register return.submit`"
            ));
        }
        let known = known();
        match words.iter().find(|word| !known.contains(word)) {
            None => Ok(Self(words)),
            Some(wrong) => {
                let near = nearest(wrong, known.iter().map(String::as_str));
                let remedy = near.map_or_else(
                    || {
                        words!(
                            "ví dụ `read.*`, `return.submit`",
                            "write for instance `read.*`, `return.submit`"
                        )
                    },
                    did_you_mean,
                );
                let short: String = wrong.chars().take(40).collect();
                Err(words!(
                    "không có quyền `{short}`; {remedy}",
                    "there is no permission `{short}`; {remedy}",
                    short,
                    remedy
                ))
            }
        }
    }

    /// Whether they allow what has this word in the table of authority.
    pub fn allow(&self, code: &str) -> bool {
        let (noun, _) = code.split_once('.').unwrap_or((code, ""));
        let is_filing = noun != "read" && FilingKind::from_code(code).is_some();
        self.0.iter().any(|word| {
            word == code
                || (is_filing && word == "file.*")
                || word.strip_suffix(".*").is_some_and(|of| of == noun)
        })
    }

    /// Whether they allow everything that others allow.
    fn cover(&self, others: &Self) -> bool {
        codes().filter(|code| others.allow(code)).all(|code| self.allow(code))
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// Every word of the table of authority.
fn codes() -> impl Iterator<Item = &'static str> {
    Reading::ALL
        .into_iter()
        .map(Reading::code)
        .chain(FilingKind::ALL.iter().map(|kind| kind.code()))
}

/// Every word that a permission may be.
pub fn known() -> Vec<String> {
    let mut known: Vec<String> = codes().map(str::to_owned).collect();
    known.extend(codes().filter_map(|code| Some(format!("{}.*", code.split_once('.')?.0))));
    known.push("file.*".to_owned());
    known.sort_unstable();
    known.dedup();
    known
}

/// A token that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Whose it will be.
    pub account: AccountName,
    /// What it will be: personal, or a client.
    pub kind: TokenKind,
    /// What it is for.
    pub label: String,
    /// What it may do, in words between blanks.
    pub permissions: String,
    /// For how many days.
    pub days: u16,
}

/// A token that was made. What is shown is shown now and never again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What the database knows of it.
    pub token: TokenOnFile,
    /// What its owner keeps.
    pub shown: String,
}

/// Why a token was not made.
#[derive(Debug, thiserror::Error)]
pub enum WishError {
    /// Something in the wish is wrong: the field, and the sentence.
    #[error("{0}: {sentence}", sentence = .1.en)]
    Invalid(&'static str, Words),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Why what a program brought lets nobody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turned {
    /// There is no such token.
    Unknown,
    /// It ended.
    Expired(Timestamp),
    /// It was taken back.
    Revoked,
    /// The account is not in use.
    Locked,
    /// It is the secret of a client, which has to be exchanged first.
    IsClient,
}

impl Turned {
    /// The sentence, with what to do.
    pub fn words(&self) -> Words {
        match self {
            Self::Unknown => words!(
                "không có mã truy cập này; kiểm tra lại mã, hoặc tạo mã mới ở trang tài khoản",
                "there is no such token; check what was copied, or make a new one on the account's page"
            ),
            Self::Expired(at) => words!(
                "mã truy cập đã hết hạn lúc {at}; tạo mã mới ở trang tài khoản",
                "the token ended at {at}; make a new one on the account's page",
                at = at.to_string()
            ),
            Self::Revoked => words!(
                "mã truy cập đã bị thu hồi; tạo mã mới ở trang tài khoản",
                "the token was taken back; make a new one on the account's page"
            ),
            Self::Locked => words!(
                "tài khoản của mã truy cập đang khóa hoặc đã đóng; hãy hỏi người quản trị",
                "the account behind the token is locked or closed; ask its administrator"
            ),
            Self::IsClient => words!(
                "đây là mật khẩu của ứng dụng; gửi tới /api/v1/token để đổi lấy mã truy cập",
                "this is the secret of a client; send it to /api/v1/token to be given a token"
            ),
        }
    }
}

/// Makes a token. `secret` and `id` come from chance.
pub async fn make(
    store: &Store,
    wish: Wish,
    (secret, id): (&Token, [u8; 8]),
    at: Timestamp,
) -> Result<Made, WishError> {
    let label = hoptac_model::text::nfc(wish.label.trim());
    if label.is_empty() || label.chars().count() > LABEL_MAX || label.chars().any(char::is_control)
    {
        return Err(WishError::Invalid(
            "label",
            words!(
                "ghi mã này dùng để làm gì, từ 1 đến {most} chữ",
                "write what the token is for, in 1 to {most} letters",
                most = LABEL_MAX
            ),
        ));
    }
    let permissions = Permissions::parse(&wish.permissions)
        .map_err(|sentence| WishError::Invalid("permissions", sentence))?;
    if !(1..=DAYS_MAX).contains(&wish.days) {
        return Err(WishError::Invalid(
            "days",
            words!(
                "thời hạn từ 1 đến {most} ngày",
                "a token works for 1 to {most} days",
                most = u32::from(DAYS_MAX)
            ),
        ));
    }
    let account = store.find_account(&wish.account).await?;
    if account.is_none_or(|account| account.state != AccountState::Active) {
        return Err(WishError::Invalid(
            "account",
            words!(
                "tài khoản `{account}` chưa được sử dụng, đang khóa hoặc không có",
                "the account `{account}` is not in use, is locked or is not there",
                account = wish.account.to_string()
            ),
        ));
    }
    let kept = store.tokens(Some(&wish.account)).await?;
    let working = kept.iter().filter(|token| token.revoked_at.is_none() && at < token.expires_at);
    if working.count() >= TOKENS_MAX {
        return Err(WishError::Invalid(
            "account",
            words!(
                "tài khoản đã có {most} mã còn hiệu lực; hãy thu hồi bớt",
                "the account has {most} tokens that still work; take some back",
                most = TOKENS_MAX
            ),
        ));
    }
    let token = TokenOnFile {
        id: format!("{}{}", prefix(wish.kind).1, digits(&id)),
        hash: secret.hash(),
        account: wish.account,
        kind: wish.kind,
        label,
        permissions: permissions.to_string(),
        parent: None,
        made_at: at,
        expires_at: at + SignedDuration::from_hours(24 * i64::from(wish.days)),
        revoked_at: None,
        used_at: None,
    };
    store.add_token(&token).await?;
    let shown = shown(token.kind, secret);
    Ok(Made { token, shown })
}

/// Who brings a token, as far as it lets them in: the account as it is now, the token, and what it may do.
pub async fn bearer(
    store: &Store,
    brought: &str,
    at: Timestamp,
) -> Result<Result<(Account, TokenOnFile, Permissions), Turned>, Error> {
    let Some((kind, secret)) = read(brought) else { return Ok(Err(Turned::Unknown)) };
    if kind == TokenKind::Client {
        return Ok(Err(Turned::IsClient));
    }
    let token = store.token_with_hash(secret.hash()).await?;
    let Some(token) = token.filter(|token| token.kind == kind) else {
        return Ok(Err(Turned::Unknown));
    };
    standing(store, token, at).await
}

/// Whether a token still is good, and whose it is.
async fn standing(
    store: &Store,
    token: TokenOnFile,
    at: Timestamp,
) -> Result<Result<(Account, TokenOnFile, Permissions), Turned>, Error> {
    if token.revoked_at.is_some() {
        return Ok(Err(Turned::Revoked));
    }
    if at >= token.expires_at {
        return Ok(Err(Turned::Expired(token.expires_at)));
    }
    let account = store.find_account(&token.account).await?;
    let Some(account) = account.filter(|account| account.state == AccountState::Active) else {
        return Ok(Err(Turned::Locked));
    };
    // A word that is no longer known allows nothing.
    let words = token.permissions.split_whitespace().map(str::to_owned);
    let permissions = Permissions(words.collect());
    let is_noted =
        token.used_at.is_some_and(|used| at.duration_since(used) < SignedDuration::from_mins(1));
    if !is_noted {
        let ids: Vec<&str> = [Some(&token.id), token.parent.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        store.note_tokens_used(&ids, at).await?;
    }
    Ok(Ok((account, token, permissions)))
}

/// Why a client is given nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Identity and secret do not belong together, or the client is no longer good.
    #[error("the client is not known, or its secret is not right")]
    Client,
    /// It asks for more than it may be given.
    #[error("{sentence}", sentence = .0.en)]
    Scope(Words),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Gives a client a token for an hour, with what the client may do or the part of it that is asked for
/// [RFC 6749 §4.4].
pub async fn exchange(
    store: &Store,
    (client, secret): (&str, &str),
    asked: Option<&str>,
    (fresh, id): (&Token, [u8; 8]),
    at: Timestamp,
) -> Result<Made, ExchangeError> {
    let Some((TokenKind::Client, secret)) = read(secret) else { return Err(ExchangeError::Client) };
    let found = store.token_with_hash(secret.hash()).await?;
    let found = found.filter(|token| token.kind == TokenKind::Client && token.id == client);
    let Some(token) = found else { return Err(ExchangeError::Client) };
    let Ok((account, token, all)) = standing(store, token, at).await? else {
        return Err(ExchangeError::Client);
    };
    let permissions = match asked {
        None => all,
        Some(asked) => {
            let part = Permissions::parse(asked).map_err(ExchangeError::Scope)?;
            if !all.cover(&part) {
                return Err(ExchangeError::Scope(words!(
                    "ứng dụng chỉ có các quyền: {all}",
                    "the client has these permissions only: {all}",
                    all = all.to_string()
                )));
            }
            part
        }
    };
    store.sweep_access_tokens(client, at).await?;
    let given = TokenOnFile {
        id: format!("{}{}", prefix(TokenKind::Access).1, digits(&id)),
        hash: fresh.hash(),
        account: account.name,
        kind: TokenKind::Access,
        label: token.label,
        permissions: permissions.to_string(),
        parent: Some(token.id),
        made_at: at,
        expires_at: (at + ACCESS).min(token.expires_at),
        revoked_at: None,
        used_at: None,
    };
    store.add_token(&given).await?;
    Ok(Made { token: given, shown: shown(TokenKind::Access, fresh) })
}

/// What stands before a token of each kind, so that people and programs that look for leaked secrets know one when they see
/// it; and what stands before its identity.
fn prefix(kind: TokenKind) -> (&'static str, &'static str) {
    match kind {
        TokenKind::Personal => ("hoptac_pat_", "pat-"),
        TokenKind::Client => ("hoptac_secret_", "app-"),
        TokenKind::Access => ("hoptac_at_", "at-"),
    }
}

fn shown(kind: TokenKind, secret: &Token) -> String {
    format!("{}{}", prefix(kind).0, secret.reveal())
}

fn read(brought: &str) -> Option<(TokenKind, Token)> {
    TokenKind::ALL.into_iter().find_map(|kind| {
        let digits = brought.strip_prefix(prefix(kind).0)?;
        Some((kind, Token::parse(digits)?))
    })
}

fn digits(bytes: &[u8]) -> String {
    Hash::of(bytes).to_string().chars().take(bytes.len() * 2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, code: &str, want: bool) {
        assert_eq!(Permissions::parse(words).unwrap().allow(code), want, "{words}: {code}");
    }

    #[test]
    fn a_permission_is_a_word_of_the_table_or_all_of_its_noun() {
        check("read.register", "read.register", true);
        check("read.register", "read.members", false);
        check("read.*", "read.members", true);
        check("read.*", "organisation.establish", false);
        check("organisation.*", "organisation.establish", true);
        check("organisation.*", "return.submit", false);
        check("file.*", "return.submit", true);
        check("file.*", "read.register", false);
        check("return.submit read.progress", "return.submit", true);
    }
    #[test]
    fn a_word_that_does_not_exist_is_named_with_the_nearest() {
        let sentence = Permissions::parse("read.* organisaton.*").unwrap_err();
        assert!(
            sentence.en.contains("`organisaton.*`") && sentence.en.contains("`organisation.*`")
        );
        assert!(Permissions::parse("  ").is_err());
        assert!(Permissions::parse("*").is_err());
    }
    #[test]
    fn a_part_is_covered_by_the_whole() {
        let all = Permissions::parse("read.* return.submit").unwrap();
        let covers = |part: &str| all.cover(&Permissions::parse(part).unwrap());
        assert!(covers("read.register return.submit"));
        assert!(!covers("file.*"));
        assert!(!covers("return.*"));
    }
    #[test]
    fn what_is_shown_says_what_it_is() {
        let token = Token::new([3; 32]);
        for kind in TokenKind::ALL {
            assert_eq!(read(&shown(kind, &token)), Some((kind, token.clone())));
        }
        for broken in ["", "hoptac_pat_", "hoptac_pat_zz", &token.reveal()] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
