//! `hoptac account`: accounts invited, shown, given roles and delegations, locked and closed, from the machine itself.

use anyhow::{Context as _, Result};
use hoptac_model::account::{Account, AccountName, Grant, Role, Scope, SignsFor};
use hoptac_model::filing::account::{
    AccountAct, Delegation, DelegationEnd, Invitation, Revocation,
};
use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::{Body, Draft, Origin, Reason, Subject};
use hoptac_model::organisation::Sector;
use hoptac_model::text::{Language, Words};
use hoptac_model::{date, words};
use hoptac_office::Actor;
use hoptac_office::account::{PROGRAM, operators};
use hoptac_office::identity::{self, LinkFactor};
use hoptac_store::Store;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::account::{
    AccountCommand, ActArguments, DelegateArguments, EndDelegationArguments, GrantArguments,
    GrantWords, InviteArguments, LinkArguments, ListArguments, ShowArguments,
};
use crate::cli::{Lang, Place};
use crate::output::{Align, Table};
use crate::sentence::{refuse, said};
use crate::{Outcome, clock, filing, output};

pub(crate) async fn run(place: &Place, command: AccountCommand) -> Result<Outcome> {
    match command {
        AccountCommand::Invite(arguments) => invite(place, &arguments).await,
        AccountCommand::List(arguments) => list(place, &arguments).await,
        AccountCommand::Show(arguments) => show(place, &arguments).await,
        AccountCommand::Grant(arguments) => grant(place, &arguments).await,
        AccountCommand::Revoke(arguments) => revoke(place, &arguments).await,
        AccountCommand::Delegate(arguments) => delegate(place, arguments).await,
        AccountCommand::EndDelegation(arguments) => end_delegation(place, &arguments).await,
        AccountCommand::Lock(arguments) => act(place, &arguments, AccountAct::Lock).await,
        AccountCommand::Unlock(arguments) => act(place, &arguments, AccountAct::Unlock).await,
        AccountCommand::Close(arguments) => act(place, &arguments, AccountAct::Close).await,
        AccountCommand::Link(arguments) => link(place, &arguments).await,
    }
}

fn name(text: &str) -> Result<AccountName> {
    AccountName::parse(text).with_context(|| said!("`{text}` không thể là tên tài khoản; hãy viết 3 đến 40 chữ cái thường không dấu và chữ số, ở giữa có thể có từng dấu chấm, gạch ngang hoặc gạch dưới", "`{text}` names no account; write 3 to 40 small letters and digits without marks, with single points, dashes or underscores between", text))
}

/// The grant that the words describe. A code becomes the identity of the unit that it means today.
async fn grant_of(store: &Store, words: &GrantWords) -> Result<Grant> {
    let Some(role) = Role::from_code(&words.role) else {
        let roles = Role::ALL.into_iter().filter(|role| *role != Role::Public);
        let codes: Vec<&str> = roles.map(Role::code).collect();
        refuse!(
            "không có vai trò `{role}`; các vai trò gồm {roles}",
            "there is no role `{role}`; the roles are {roles}",
            role = &words.role,
            roles = codes.join(", ")
        );
    };
    let territory = match &words.territory {
        None => None,
        Some(code) => {
            let places = store.places().await?;
            let unit = places.find(code, clock::today());
            let unit = unit.with_context(|| {
                said!(
                    "không có đơn vị `{code}`; tìm bằng `hoptac unit list`",
                    "there is no unit `{code}`; look it up with `hoptac unit list`",
                    code
                )
            })?;
            Some(unit.id.clone())
        }
    };
    let sector = match &words.sector {
        None => None,
        Some(code) => Some(Sector::from_code(code).with_context(|| said!("không có lĩnh vực `{code}`; hãy viết `agricultural` (nông nghiệp) hoặc `non_agricultural` (phi nông nghiệp)", "there is no sector `{code}`; write `agricultural` or `non_agricultural`", code))?),
    };
    let organisation = match &words.organisation {
        None => None,
        Some(written) => Some(filing::find(store, written).await?.with_context(|| {
            said!(
                "không có tổ chức `{written}`; tìm bằng `hoptac org list --search`",
                "there is no organisation `{written}`; look it up with `hoptac org list --search`",
                written
            )
        })?),
    };
    let scope = Scope { territory, sector, agency: words.agency.clone(), organisation };
    Ok(Grant { role, scope })
}

/// Files something about an account.
async fn file(
    store: &Store,
    actor: &str,
    about: &AccountName,
    act: AccountAct,
    on: Date,
) -> Result<Outcome> {
    let recorded_at = clock::now();
    let draft = Draft {
        id: clock::filing_id(recorded_at),
        recorded_at,
        effective_on: on,
        actor: String::new(),
        subject: Subject::account(about),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::Account(act),
    };
    let actor = Actor::new(actor, Role::Operator);
    filing::file(store, &actor, Ok(draft), Vec::new(), false, Lang::Vi).await
}

async fn invite(place: &Place, arguments: &InviteArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let name = name(&arguments.name)?;
    let grants = vec![grant_of(&store, &arguments.grant).await?];
    let title = hoptac_model::text::nfc(arguments.title.trim());
    let act = AccountAct::Invite(Invitation { title, grants });
    let outcome = file(&store, &arguments.who.actor, &name, act, clock::today()).await?;
    if outcome == Outcome::Done {
        print_link(&store, &name, &arguments.at.origin, LinkFactor::Kept, arguments.at.lang.into())
            .await?;
    }
    Ok(outcome)
}

/// Makes a one-time link and prints it, once.
async fn print_link(
    store: &Store,
    name: &AccountName,
    origin: &str,
    factor: LinkFactor,
    language: Language,
) -> Result<()> {
    let (token, at) = (clock::token(), clock::now());
    let operator = Actor::new(PROGRAM, Role::Operator);
    identity::make_link(store, &operator, name, &token, at, factor).await?;
    let origin = origin.trim_end_matches('/');
    output::say(&format!("{origin}/moi/{}", token.reveal()))?;
    let until = clock::day_of(at + identity::LINK);
    let line = words!(
        "liên kết của {name} dùng được một lần, đến hết ngày {until}; hãy tự tay trao cho người dùng",
        "the link for {name} works once, until {until}; hand it over yourself",
        name = name.to_string(),
        until
    );
    output::say(line.get(language))
}

async fn link(place: &Place, arguments: &LinkArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let factor = if arguments.drop_second_factor { LinkFactor::Dropped } else { LinkFactor::Kept };
    print_link(
        &store,
        &name(&arguments.name)?,
        &arguments.at.origin,
        factor,
        arguments.at.lang.into(),
    )
    .await?;
    Ok(Outcome::Done)
}

async fn grant(place: &Place, arguments: &GrantArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let act = AccountAct::Grant(grant_of(&store, &arguments.grant).await?);
    file(&store, &arguments.who.actor, &name(&arguments.name)?, act, clock::today()).await
}

async fn revoke(place: &Place, arguments: &GrantArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let grant = grant_of(&store, &arguments.grant).await?;
    let act = AccountAct::Revoke(Revocation { grant, reason: String::new() });
    file(&store, &arguments.who.actor, &name(&arguments.name)?, act, clock::today()).await
}

async fn delegate(place: &Place, arguments: DelegateArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let Some(form) = SignsFor::from_code(&arguments.form.to_lowercase()) else {
        refuse!(
            "không có hình thức ký `{form}`; hãy viết tm, kt, tl hoặc tuq",
            "there is no form `{form}`; write tm, kt, tl or tuq",
            form = &arguments.form
        );
    };
    let decision = Decision {
        number: arguments.document,
        date: arguments.document_date,
        issuer: arguments.issuer,
    };
    let delegation = Delegation { of: name(&arguments.of)?, form, to: arguments.to, decision };
    let act = AccountAct::Delegate(delegation);
    file(&store, &arguments.who.actor, &name(&arguments.name)?, act, arguments.from).await
}

async fn end_delegation(place: &Place, arguments: &EndDelegationArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let end = DelegationEnd { of: name(&arguments.of)?, reason: String::new() };
    let act = AccountAct::EndDelegation(end);
    file(&store, &arguments.who.actor, &name(&arguments.name)?, act, clock::today()).await
}

async fn act(
    place: &Place,
    arguments: &ActArguments,
    act: fn(Reason) -> AccountAct,
) -> Result<Outcome> {
    let store = place.open().await?;
    let name = name(&arguments.name)?;
    let act = act(Reason { reason: arguments.reason.clone() });
    let ends = matches!(act, AccountAct::Lock(_) | AccountAct::Close(_));
    let outcome = file(&store, &arguments.who.actor, &name, act, clock::today()).await?;
    if ends && outcome == Outcome::Done {
        identity::sign_out_everywhere(&store, &name, None).await?;
    }
    Ok(outcome)
}

async fn list(place: &Place, arguments: &ListArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let (accounts, today) = (store.accounts().await?, clock::today());
    if arguments.json {
        let all: Vec<Value> = accounts.iter().map(|account| to_json(account, today)).collect();
        output::json(&all)?;
        return Ok(Outcome::Done);
    }
    let language = arguments.lang.into();
    let left = Align::Left;
    let mut table =
        Table::new(&[("name", left), ("title", left), ("roles", left), ("state", left)]);
    for account in &accounts {
        let roles: Vec<String> =
            account.grants_on(today).map(|grant| grant_words(grant, language)).collect();
        let state = account.state.words().get(language).to_owned();
        table.row(vec![account.name.0.clone(), account.title.clone(), roles.join("; "), state]);
    }
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

async fn show(place: &Place, arguments: &ShowArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let name = name(&arguments.name)?;
    let Some(account) = store.find_account(&name).await? else {
        refuse!(
            "không có tài khoản {name}; `hoptac account list` liệt kê tất cả",
            "there is no account {name}; `hoptac account list` shows all",
            name = name.to_string()
        );
    };
    let today = clock::today();
    if arguments.json {
        output::json(&to_json(&account, today))?;
        return Ok(Outcome::Done);
    }
    let language = arguments.lang.into();
    output::say(&format!("{}  {}", account.name, account.title))?;
    let vi = language == Language::Vi;
    let fact = |name: &str, text: &str| output::say(&format!("{name:<12}{text}"));
    fact(if vi { "tình trạng" } else { "state" }, account.state.words().get(language))?;
    fact(if vi { "mời ngày" } else { "invited" }, &date::show(account.invited_on, language))?;
    for on_file in &account.grants {
        let to = on_file.to.map_or_else(Words::default, |to| words!(" đến {to}", " to {to}", to));
        let words = words!(
            "{words}, từ {from}{to}",
            "{words}, from {from}{to}",
            words = grant_words(&on_file.grant, language),
            from = on_file.from,
            to
        );
        fact(if vi { "vai trò" } else { "role" }, words.get(language))?;
    }
    for delegation in &account.delegations {
        let words = words!(
            "{form} {of}, từ {from} đến {to}, theo {number}",
            "{form} {of}, {from} to {to}, by {number}",
            form = delegation.form.letters(),
            of = delegation.of.to_string(),
            from = delegation.from,
            to = delegation.to,
            number = &delegation.decision.number
        );
        fact(if vi { "ký thay" } else { "signs for" }, words.get(language))?;
    }
    for filing in store.filings_about(&Subject::account(&name)).await? {
        let words = words!(
            "{on} {kind}, người nộp {actor}",
            "{on} {kind} by {actor}",
            on = filing.effective_on,
            kind = filing.kind.code(),
            actor = &filing.actor
        );
        fact(&filing.position.to_string(), words.get(language))?;
    }
    Ok(Outcome::Done)
}

fn grant_words(grant: &Grant, language: Language) -> String {
    let Grant { role, scope } = grant;
    let mut text = role.words().get(language).to_owned();
    let parts = [
        scope.territory.as_ref().map(ToString::to_string),
        scope.sector.map(|sector| sector.code().to_owned()),
        scope.agency.clone(),
        scope.organisation.map(|id| id.to_string()),
    ];
    for part in parts.into_iter().flatten() {
        text.push_str(" · ");
        text.push_str(&part);
    }
    text
}

fn to_json(account: &Account, today: Date) -> Value {
    let grants: Vec<Value> = account
        .grants
        .iter()
        .map(|g| json!({ "grant": g.grant, "from": g.from, "to": g.to, "position": g.position }))
        .collect();
    let delegations: Vec<Value> = account
        .delegations
        .iter()
        .map(|d| {
            json!({
                "of": d.of, "form": d.form, "from": d.from, "to": d.to, "decision": d.decision,
                "position": d.position,
            })
        })
        .collect();
    json!({
        "name": account.name,
        "title": account.title,
        "state": account.state.code(),
        "invited_on": account.invited_on,
        "roles_today": account.grants_on(today).map(|g| g.role.code()).collect::<Vec<_>>(),
        "grants": grants,
        "delegations": delegations,
    })
}

/// Where nobody can sign in to run the instance, invites somebody and prints the one-time link.
pub(crate) async fn first_administrator(
    store: &Store,
    origin: &str,
    language: Language,
) -> Result<()> {
    let (accounts, today) = (store.accounts().await?, clock::today());
    for name in operators(&accounts, today) {
        if store.credential(name).await?.password_hash.is_some() {
            return Ok(());
        }
    }
    let runs = |account: &&Account| {
        account.is_open() && account.grants_on(today).any(|grant| grant.role == Role::Operator)
    };
    let name = if let Some(account) = accounts.iter().find(runs) {
        account.name.clone()
    } else {
        let taken = |name: &AccountName| accounts.iter().any(|account| account.name == *name);
        let names =
            (1..).map(|n| if n == 1 { "quan-tri".to_owned() } else { format!("quan-tri.{n}") });
        let mut free = names.map(AccountName).filter(|name| !taken(name));
        let name = free
            .next()
            .context(said!("tìm tên cho quản trị viên", "finding a name for the administrator"))?;
        let grants = vec![Grant { role: Role::Operator, scope: Scope::ALL }];
        let invitation = Invitation { title: "Quản trị vận hành".to_owned(), grants };
        let act = AccountAct::Invite(invitation);
        let recorded_at = clock::now();
        let draft = Draft {
            id: clock::filing_id(recorded_at),
            recorded_at,
            effective_on: today,
            actor: PROGRAM.to_owned(),
            subject: Subject::account(&name),
            expected_version: None,
            origin: Origin::Live,
            key: None,
            body: Body::Account(act),
        };
        hoptac_office::accept(store, &Actor::new(PROGRAM, Role::Operator), draft).await?;
        name
    };
    let line = words!(
        "chưa ai đăng nhập được để vận hành hệ thống này; hãy mở liên kết sau và đặt mật khẩu:",
        "nobody can sign in to run this instance yet; open this link and set a password:"
    );
    output::say(line.get(language))?;
    print_link(store, &name, origin, LinkFactor::Kept, language).await
}
