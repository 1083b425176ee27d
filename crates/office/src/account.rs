//! Accounts: who may give whom which role, and what makes a filing about an account wrong.

use hoptac_model::account::{Account, AccountName, AccountState, Bound, Grant, Role, Scope};
use hoptac_model::filing::account::{AccountAct, Delegation, DelegationEnd};
use hoptac_model::filing::{Draft, FilingKind};
use hoptac_model::finding::Finding;
use hoptac_model::text::Words;
use hoptac_model::unit::Places;
use hoptac_model::words;
use hoptac_store::{Error, Store};
use jiff::civil::Date;

use crate::authority::{self, Actor};
use crate::clerk::Clerk;
use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;
use crate::refusal::Refusal;

/// The name under which the program itself files: it invites the first administrator and takes no orders.
pub const PROGRAM: &str = "hoptac";

/// Whether the actor may file this about an account: whoever may give out all that the account has and would have, and for
/// what only the account's own people may do, whoever acts as it.
pub(crate) async fn authorise(
    clerk: &mut Clerk,
    actor: &Actor,
    draft: &Draft,
    act: &AccountAct,
) -> Result<(), Refusal> {
    let (role, kind) = (actor.role, draft.body.kind());
    let Some(name) = draft.subject.as_account() else { return Ok(()) };
    let outside = || Err(Refusal::OutOfScope { role, kind });
    let accounts = clerk.writing().accounts().await?;
    let day = recorded_on(draft);
    let given: Vec<Grant> = match act {
        // Nobody takes up, delegates or gives back what is another's.
        AccountAct::Activate(_) => {
            return if actor.name == name.as_str() && actor.acting_for.is_none() {
                Ok(())
            } else {
                outside()
            };
        }
        AccountAct::Delegate(Delegation { of, .. }) => {
            return if role == Role::Operator || is_own(actor, of) { Ok(()) } else { outside() };
        }
        AccountAct::EndDelegation(DelegationEnd { of, .. }) => {
            let concerned = is_own(actor, of) || is_own(actor, &name);
            return if role == Role::Operator || concerned { Ok(()) } else { outside() };
        }
        AccountAct::Invite(body) => body.grants.clone(),
        AccountAct::Grant(grant) => {
            let mut all = on_file(&accounts, &name, day);
            all.push(grant.clone());
            all
        }
        AccountAct::Revoke(_)
        | AccountAct::Lock(_)
        | AccountAct::Unlock(_)
        | AccountAct::Close(_) => on_file(&accounts, &name, day),
    };
    if may_give_all(clerk, actor, &given, day).await? { Ok(()) } else { outside() }
}

/// Whether somebody may make a one-time link for an account: whoever may give out all that it has.
pub(crate) async fn may_let_in(
    clerk: &mut Clerk,
    actor: &Actor,
    name: &AccountName,
    day: Date,
) -> Result<(), Refusal> {
    let (role, kind) = (actor.role, FilingKind::AccountUnlock);
    if !authority::may(role, kind) {
        return Err(Refusal::NotAllowed { role, kind });
    }
    let accounts = clerk.writing().accounts().await?;
    if !may_give_all(clerk, actor, &on_file(&accounts, name, day), day).await? {
        return Err(Refusal::OutOfScope { role, kind });
    }
    let account = accounts.iter().find(|account| account.name == *name);
    let name = name.as_str();
    let (code, message, remedy) = match account.map(|account| account.state) {
        Some(AccountState::Invited | AccountState::Active) => return Ok(()),
        Some(AccountState::Locked) => (
            "account.state",
            words!("tài khoản {name} đang khóa", "the account {name} is locked", name),
            words!("mở khóa trước", "unlock it first"),
        ),
        Some(AccountState::Closed) => (
            "account.closed",
            words!(
                "tài khoản {name} đã đóng vĩnh viễn",
                "the account {name} is closed, which is for good",
                name
            ),
            words!("mời tài khoản khác", "invite another account"),
        ),
        None => (
            "account.unknown",
            words!("không có tài khoản {name}", "there is no account {name}", name),
            words!("mời trước, hoặc sửa lại tên", "invite it first, or correct the name"),
        ),
    };
    Err(Refusal::Invalid(vec![Finding::field(code, "subject", message, remedy)]))
}

/// Whether somebody may give out all of some grants. An account without any role is still somebody's, and only an operator
/// knows whose.
async fn may_give_all(
    clerk: &mut Clerk,
    actor: &Actor,
    given: &[Grant],
    day: Date,
) -> Result<bool, Refusal> {
    if actor.role == Role::Operator {
        return Ok(true);
    }
    for grant in given {
        if !may_give(clerk, actor, grant, day).await? {
            return Ok(false);
        }
    }
    Ok(!given.is_empty())
}

/// Whether the actor acts as the account itself.
fn is_own(actor: &Actor, account: &AccountName) -> bool {
    actor.acting_for.is_none() && actor.name == account.as_str()
}

/// What an account has or will have.
fn on_file(accounts: &[Account], name: &AccountName, day: Date) -> Vec<Grant> {
    let account = accounts.iter().find(|account| account.name == *name);
    let lasting = account.into_iter().flat_map(|account| &account.grants);
    lasting.filter(|grant| grant.to.is_none_or(|to| day <= to)).map(|g| g.grant.clone()).collect()
}

/// Whether somebody may give out a role within a scope, as the transaction has it.
async fn may_give(
    clerk: &mut Clerk,
    actor: &Actor,
    grant: &Grant,
    day: Date,
) -> Result<bool, Refusal> {
    let within = match grant.scope.organisation {
        Some(id) => clerk.is_within(id, &actor.scope, day).await?,
        None => false,
    };
    Ok(gives(actor, grant, &*clerk.places().await?, within))
}

/// Whether somebody may give out a role within a scope. The lead department gives out every role but the operator's; a
/// registrar gives accounts to the organisations of its territory. `within` says whether the grant's organisation lies in
/// the actor's scope.
fn gives(actor: &Actor, grant: &Grant, places: &Places, within: bool) -> bool {
    match actor.role {
        Role::Operator => true,
        Role::PlanOwner => grant.role != Role::Operator && actor.scope.holds(&grant.scope, places),
        Role::Registrar => grant.role == Role::Cooperative && within,
        Role::DepartmentOfficer
        | Role::Cooperative
        | Role::Leader
        | Role::Auditor
        | Role::Public => false,
    }
}

/// What is wrong with a filing about an account.
pub fn findings(draft: &Draft, act: &AccountAct, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let Some(name) = draft.subject.as_account() else { return findings.into_vec() };
    let account = known.accounts.iter().find(|account| account.name == name);
    if let AccountAct::Invite(body) = act {
        findings.text("title", &body.title);
        if account.is_some() || name.as_str() == PROGRAM {
            findings.error(
                "account.exists",
                "subject",
                words!(
                    "đã có tài khoản {name}, và tên không bao giờ dùng lại",
                    "there is an account {name} already, and names are never used twice",
                    name = name.as_str()
                ),
                words!(
                    "chọn tên khác, hoặc giao thêm vai trò cho tài khoản đã có",
                    "choose another name, or give the account that is there another role"
                ),
            );
        }
        for (index, grant) in body.grants.iter().enumerate() {
            grant_fits(
                &mut findings,
                &format!("grants.{index}."),
                grant,
                known,
                draft.effective_on,
            );
        }
        return findings.into_vec();
    }
    let Some(account) = account else {
        findings.error(
            "account.unknown",
            "subject",
            words!("không có tài khoản {name}", "there is no account {name}", name = name.as_str()),
            words!("mời trước, hoặc sửa lại tên", "invite it first, or correct the name"),
        );
        return findings.into_vec();
    };
    if account.state == AccountState::Closed {
        findings.error(
            "account.closed",
            "subject",
            words!(
                "tài khoản {name} đã đóng vĩnh viễn",
                "the account {name} is closed, which is for good",
                name = name.as_str()
            ),
            words!("mời tài khoản khác", "invite another account"),
        );
        return findings.into_vec();
    }
    let day = draft.effective_on;
    match act {
        AccountAct::Invite(_) => {}
        AccountAct::Activate(_) => state(&mut findings, account, draft, &[AccountState::Invited]),
        AccountAct::Lock(body) => {
            findings.note("reason", &body.reason);
            state(&mut findings, account, draft, &[AccountState::Invited, AccountState::Active]);
        }
        AccountAct::Unlock(body) => {
            findings.note("reason", &body.reason);
            state(&mut findings, account, draft, &[AccountState::Locked]);
        }
        AccountAct::Close(body) => findings.note("reason", &body.reason),
        AccountAct::Grant(grant) => {
            grant_fits(&mut findings, "", grant, known, day);
            if account.grants.iter().any(|on_file| on_file.grant == *grant && on_file.to.is_none())
            {
                findings.error(
                    "account.has-grant",
                    "role",
                    words!(
                        "{name} đã có đúng vai trò và phạm vi này",
                        "{name} has exactly this already",
                        name = name.as_str()
                    ),
                    words!("không cần làm gì", "nothing needs to be done"),
                );
            }
        }
        AccountAct::Revoke(body) => {
            findings.note("reason", &body.reason);
            if !account.grants.iter().any(|g| g.grant == body.grant && g.to.is_none()) {
                findings.error(
                    "account.no-grant",
                    "grant",
                    words!(
                        "{name} không có vai trò như vậy để thu hồi",
                        "{name} has no such grant that could be revoked",
                        name = name.as_str()
                    ),
                    words!(
                        "xem tài khoản đang có gì rồi nêu đúng vai trò và phạm vi",
                        "look at what the account has, and name one of its grants"
                    ),
                );
            }
        }
        AccountAct::Delegate(body) => delegation(&mut findings, draft, account, body, known),
        AccountAct::EndDelegation(body) => {
            findings.note("reason", &body.reason);
            if !account.delegations.iter().any(|d| d.of == body.of && d.to >= day) {
                findings.error(
                    "account.no-delegation",
                    "of",
                    words!(
                        "{name} không ký thay cho {of}",
                        "{name} does not sign for {of}",
                        name = name.as_str(),
                        of = body.of.as_str()
                    ),
                    words!(
                        "xem các ủy quyền của tài khoản",
                        "look at the delegations of the account"
                    ),
                );
            }
        }
    }
    last_operator(&mut findings, draft, act, account, known);
    findings.into_vec()
}

/// The account is where the filing finds it.
fn state(findings: &mut Findings, account: &Account, draft: &Draft, among: &[AccountState]) {
    if !among.contains(&account.state) {
        let verb = draft.body.kind().code();
        findings.error(
            "account.state",
            "subject",
            words!(
                "tài khoản {name} {state} nên không nộp được {verb}",
                "{name} is {state}, so {verb} does not fit",
                name = account.name.as_str(),
                state = account.state.words(),
                verb
            ),
            words!("xem lại tài khoản", "look at the account again"),
        );
    }
}

/// A grant names what its role is bounded by, and nothing that does not exist.
fn grant_fits(findings: &mut Findings, path: &str, grant: &Grant, known: &Known, day: Date) {
    let Grant { role, scope } = grant;
    if *role == Role::Public {
        findings.error(
            "account.role",
            format!("{path}role"),
            words!("công chúng không cần tài khoản", "the public needs no account"),
            words!("chọn vai trò khác", "choose what the account is to the plan"),
        );
        return;
    }
    let (lacks, field, what) = match role.bound() {
        Bound::Nothing => (false, "", Words::default()),
        Bound::Territory => {
            (scope.territory.is_none(), "territory", words!("địa bàn", "territory"))
        }
        Bound::Agency => (scope.agency.is_none(), "agency", words!("cơ quan", "agency")),
        Bound::Own => {
            (scope.organisation.is_none(), "organisation", words!("tổ chức", "organisation"))
        }
    };
    let called = || Words::new(role.words().vi, role.to_string());
    if lacks {
        findings.error(
            "account.unbounded",
            format!("{path}scope.{field}"),
            words!(
                "vai trò “{role}” phải có {what}, nhưng chưa nêu",
                "a {role} is bounded by its {what}, and none is named",
                role = called(),
                what
            ),
            words!("nêu {what}", "name the {what}", what),
        );
    }
    let idle = match role {
        Role::Operator | Role::PlanOwner if *scope != Scope::ALL => true,
        Role::Cooperative => {
            scope.territory.is_some() || scope.agency.is_some() || scope.sector.is_some()
        }
        Role::Operator
        | Role::PlanOwner
        | Role::DepartmentOfficer
        | Role::Registrar
        | Role::Leader
        | Role::Auditor
        | Role::Public => scope.organisation.is_some(),
    };
    if idle {
        findings.error(
            "account.scope",
            format!("{path}scope"),
            words!(
                "vai trò “{role}” không giới hạn theo cách này",
                "a {role} is not bounded in this way",
                role = called()
            ),
            words!("bỏ phần không thuộc vai trò", "leave out what does not belong to the role"),
        );
    }
    if let Some(territory) = &scope.territory {
        territory_exists(findings, path, territory.as_str(), known.places.as_deref(), day);
    }
    if let (Some(agency), Some(plan)) = (&scope.agency, &known.plan)
        && !plan.agencies.is_empty()
        && !plan.agencies.iter().any(|known| known.id == *agency)
    {
        let agencies: Vec<&str> = plan.agencies.iter().map(|agency| agency.id.as_str()).collect();
        findings.error(
            "account.agency",
            format!("{path}scope.agency"),
            words!(
                "kế hoạch hiện hành không có cơ quan `{agency}`",
                "the plan in force names no agency `{agency}`",
                agency
            ),
            words!("chọn một trong: {known}", "take one of {known}", known = agencies.join(", ")),
        );
    }
}

fn territory_exists(
    findings: &mut Findings,
    path: &str,
    territory: &str,
    places: Option<&Places>,
    day: Date,
) {
    let unit = places.and_then(|places| places.get(&territory.into()));
    let Some(unit) = unit else {
        return findings.error(
            "account.territory",
            format!("{path}scope.territory"),
            words!(
                "không có đơn vị mang định danh `{territory}`",
                "there is no unit with the identity `{territory}`",
                territory
            ),
            words!("tra bằng `hoptac unit list`", "look it up with `hoptac unit list`"),
        );
    };
    if let Some(last) = unit.valid_to.filter(|last| *last < day) {
        findings.warning(
            "account.territory-ended",
            format!("{path}scope.territory"),
            words!(
                "{unit} đã kết thúc ngày {last}: tài khoản chỉ giữ phần thuộc địa bàn cũ, không có gì mới",
                "{unit} ended on {last}: the account keeps what lay on its ground then, and nothing new",
                unit = unit.name,
                last
            ),
            words!(
                "nêu đơn vị kế thừa nếu tài khoản còn làm việc tiếp",
                "name the unit that follows it, where the account is to work on"
            ),
        );
    }
}

fn delegation(
    findings: &mut Findings,
    draft: &Draft,
    account: &Account,
    body: &Delegation,
    known: &Known,
) {
    findings.text("decision.number", &body.decision.number);
    findings.text("decision.issuer", &body.decision.issuer);
    if body.decision.date > draft.effective_on {
        findings.error(
            "account.decision",
            "decision.date",
            words!(
                "văn bản ngày {date}, sau ngày có hiệu lực {day}",
                "the document is of {date}, after {day}, on which it takes effect",
                date = body.decision.date,
                day = draft.effective_on
            ),
            words!("sửa lại một trong hai ngày", "correct one of the days"),
        );
    }
    if body.to < draft.effective_on {
        findings.error(
            "account.delegation-days",
            "to",
            words!(
                "ngày cuối {to} trước ngày đầu {day}",
                "it ends on {to}, before it begins, on {day}",
                to = body.to,
                day = draft.effective_on
            ),
            words!("sửa lại một trong hai ngày", "correct one of the days"),
        );
    }
    let of = known.accounts.iter().find(|other| other.name == body.of);
    match of {
        _ if body.of == account.name => findings.error(
            "account.delegation-self",
            "of",
            words!("không ai ký thay chính mình", "nobody signs for themselves"),
            words!("nêu tài khoản được ký thay", "name the account that is signed for"),
        ),
        None => findings.error(
            "account.delegator",
            "of",
            words!("không có tài khoản {of}", "there is no account {of}", of = body.of.as_str()),
            words!("sửa lại tên", "correct the name"),
        ),
        Some(of) if !of.is_open() || of.grants_on(draft.effective_on).next().is_none() => findings
            .error(
                "account.delegator",
                "of",
                words!(
                    "ngày {day} tài khoản {of} không có quyền của mình để giao",
                    "{of} has nothing of its own on {day} to delegate",
                    of = body.of.as_str(),
                    day = draft.effective_on
                ),
                words!(
                    "quyền được ủy quyền thì không giao lại được",
                    "what was itself delegated cannot be passed on"
                ),
            ),
        Some(_) => {}
    }
}

/// Somebody must be left who can run the instance.
fn last_operator(
    findings: &mut Findings,
    draft: &Draft,
    act: &AccountAct,
    account: &Account,
    known: &Known,
) {
    let takes = match act {
        AccountAct::Revoke(body) => body.grant.role == Role::Operator,
        AccountAct::Lock(_) | AccountAct::Close(_) => true,
        AccountAct::Invite(_)
        | AccountAct::Activate(_)
        | AccountAct::Grant(_)
        | AccountAct::Delegate(_)
        | AccountAct::EndDelegation(_)
        | AccountAct::Unlock(_) => false,
    };
    if takes && operators(&known.accounts, draft.effective_on).eq([&account.name]) {
        findings.error(
            "account.last-operator",
            "subject",
            words!(
                "chỉ còn {name} quản trị vận hành hệ thống này",
                "{name} is the only one left who runs this instance",
                name = account.name.as_str()
            ),
            words!(
                "giao vai trò cho tài khoản khác trước",
                "give the role to another account first"
            ),
        );
    }
}

/// The accounts that somebody has charge of, in any of their roles: those of which they may give out all that there is.
pub async fn in_charge(store: &Store, actors: &[Actor], day: Date) -> Result<Vec<Account>, Error> {
    let (accounts, places) = (store.accounts().await?, store.places().await?);
    let actors: Vec<&Actor> =
        actors.iter().filter(|actor| authority::may(actor.role, FilingKind::AccountLock)).collect();
    let mut theirs = Vec::new();
    for account in &accounts {
        let given = on_file(&accounts, &account.name, day);
        for actor in &actors {
            // An account without any role is still somebody's, and only an operator knows whose.
            let mut all = actor.role == Role::Operator || !given.is_empty();
            for grant in &given {
                let within = match grant.scope.organisation {
                    Some(id) if all => store.is_within(id, &actor.scope, day).await?,
                    _ => false,
                };
                all = all && gives(actor, grant, &places, within);
            }
            if all {
                theirs.push(account.clone());
                break;
            }
        }
    }
    Ok(theirs)
}

/// The accounts in use that run the instance.
pub fn operators(accounts: &[Account], day: Date) -> impl Iterator<Item = &AccountName> {
    accounts
        .iter()
        .filter(move |account| {
            account.state == AccountState::Active
                && account.grants_on(day).any(|grant| grant.role == Role::Operator)
        })
        .map(|account| &account.name)
}
