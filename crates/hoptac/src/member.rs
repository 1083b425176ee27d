//! `hoptac member`: rolls of members, masked; what happens to them, sealed; who reads them and why, filed.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_engine::roll::{Reconciled, reconcile};
use hoptac_model::filing::member::{
    DiscloseWay, EraseGround, MemberErase, MemberStrike, Membership,
};
use hoptac_model::filing::{Body, Draft, FilingKind, Origin, Subject};
use hoptac_model::ids::{MemberId, OrganisationId};
use hoptac_model::member::form::FIELDS;
use hoptac_model::member::{Marks, Span, Totals};
use hoptac_model::personal_number::Sex;
use hoptac_model::text::Language;
use hoptac_model::{date, number};
use hoptac_office::Refusal;
use hoptac_office::member::{
    self as office, Act, Disclosure, Listed, MaskedRoll, Opened, Request, Seals,
};
use hoptac_store::Store;
use serde_json::{Map, Value, json};

use crate::cli::grade::Filing;
use crate::cli::member::{
    EraseArguments, ExportArguments, ImportArguments, MemberArguments, MemberCommand,
    MemberFileArguments, ReconcileArguments, RollArguments, StrikeArguments, UnmaskArguments,
};
use crate::cli::{Lang, Place};
use crate::output::{self, Align, Table, WIDTH};
use crate::sentence::{Sentence, refuse, said};
use crate::view::{self, Asked};
use crate::{Outcome, clock, filing, keys};

pub(crate) async fn run(place: &Place, command: MemberCommand) -> Result<Outcome> {
    match command {
        MemberCommand::List(arguments) => list(place, &arguments).await,
        MemberCommand::Show(arguments) => show(place, &arguments).await,
        MemberCommand::File(arguments) => file(place, &arguments).await,
        MemberCommand::Import(arguments) => import(place, &arguments).await,
        MemberCommand::Reconcile(arguments) => reconciled(place, &arguments).await,
        MemberCommand::Unmask(arguments) => unmask(place, &arguments).await,
        MemberCommand::Export(arguments) => export(place, &arguments).await,
        MemberCommand::Strike(arguments) => strike(place, &arguments).await,
        MemberCommand::Erase(arguments) => erase(place, &arguments).await,
    }
}

pub(crate) async fn must_find(store: &Store, name: &str) -> Result<OrganisationId> {
    match filing::find(store, name).await? {
        Some(id) if store.find_organisation(id).await?.is_some() => Ok(id),
        Some(_) | None => {
            refuse!(
                "không có tổ chức `{name}`; tìm bằng `hoptac org list --search`",
                "there is no organisation `{name}`; look it up with `hoptac org list --search`",
                name
            )
        }
    }
}

/// The member that is written. What was written may be a name by mistake, so that it is not repeated.
fn member_of(written: &str) -> Result<MemberId> {
    written.parse().ok().context(said!("đó không phải mã của thành viên; `hoptac member list` liệt kê các mã, gồm 8, 4, 4, 4 và 12 chữ số, giữa có gạch ngang", "that is no identity of a member; `hoptac member list` shows them, 8, 4, 4, 4 and 12 digits with dashes between"))
}

/// A refusal in the language of the reader.
pub(crate) fn refused(refusal: Refusal) -> anyhow::Error {
    if let Refusal::Store(error) = refusal {
        return error.into();
    }
    anyhow::Error::new(Sentence(refusal.sentence()))
}

async fn list(place: &Place, arguments: &RollArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let organisation = must_find(&store, &arguments.organisation).await?;
    let day = arguments.as_of.or(arguments.known_on).unwrap_or_else(clock::today);
    let master = place.master_key(&store).await?;
    let roll = office::masked(&store, &master, organisation, day, arguments.known_on)
        .await
        .map_err(refused)?;
    let totals = Totals::of(roll.members.iter().map(|listed| &listed.span.entry));
    if arguments.json {
        let members: Vec<Value> = roll.members.iter().map(to_json).collect();
        output::json(&json!({
            "organisation": organisation,
            "as_of": day,
            "known_on": arguments.known_on,
            "roll_from": roll.begun,
            "totals": roll.begun.map(|_| totals),
            "tally": roll.begun.map(|_| &roll.tally),
            "members": members,
        }))?;
        return Ok(Outcome::Done);
    }
    for line in roll_lines(&roll, &totals, arguments.lang.into()) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// What stands in clear about a member, with who it is, masked.
fn to_json(listed: &Listed) -> Value {
    let Listed { span, since, identity } = listed;
    let entry = &span.entry;
    json!({
        "member": entry.member,
        "kind": entry.kind.code(),
        "class": entry.class.code(),
        "capital": entry.capital,
        "joined": since,
        "foreign": entry.foreign,
        "from": span.from,
        "until": span.until,
        "left": span.left.map(hoptac_model::member::LeaveCause::code),
        "erased": identity.is_none(),
        "masked": identity,
    })
}

fn roll_lines(roll: &MaskedRoll, totals: &Totals, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let Some(begun) = roll.begun else {
        return vec![if vi {
            "Chưa có sổ đăng ký thành viên vào ngày này.".to_owned()
        } else {
            "There is no roll of members on this day.".to_owned()
        }];
    };
    let heads = if vi {
        ["Mã", "Thành viên", "Loại", "Vốn góp (đồng)", "Từ ngày"]
    } else {
        ["Identity", "Member", "Class", "Share (đồng)", "Since"]
    };
    let mut table = Table::new(&[
        (heads[0], Align::Left),
        (heads[1], Align::Left),
        (heads[2], Align::Left),
        (heads[3], Align::Right),
        (heads[4], Align::Right),
    ]);
    for listed in &roll.members {
        let entry = &listed.span.entry;
        let erased = if vi { "(đã xóa)" } else { "(erased)" };
        let name = listed.identity.as_ref().map_or(erased, |identity| identity.name.as_str());
        table.row(vec![
            entry.member.to_string(),
            name.to_owned(),
            entry.class.words().get(language).to_owned(),
            number::whole(entry.capital, language),
            date::show(listed.since, language),
        ]);
    }
    // An identity cannot be broken into lines and stay one.
    let mut lines = table.lines(WIDTH + 36);
    let show = |value| number::whole(value, language);
    let begun = date::show(begun, language);
    let (all, official, capital) =
        (show(totals.members), show(totals.official), show(totals.capital));
    lines.push(String::new());
    lines.push(if vi {
        format!("{all} thành viên, trong đó {official} chính thức; vốn góp {capital} đồng; có sổ từ {begun}.")
    } else {
        format!("{all} members, {official} of them official; shares of {capital} đồng; roll from {begun}.")
    });
    let tally = &roll.tally;
    let counts = [
        ("nữ", "women", tally.women),
        ("nam", "men", tally.men),
        ("dân tộc thiểu số", "of ethnic minorities", tally.minority),
        ("hộ nghèo", "poor", tally.poor),
        ("hộ cận nghèo", "near poor", tally.near_poor),
        ("khuyết tật", "disabled", tally.disabled),
    ];
    let told: Vec<String> = counts
        .iter()
        .filter(|(_, _, count)| *count != 0)
        .map(|(word_vi, word_en, count)| {
            format!("{} {}", show(*count), if vi { word_vi } else { word_en })
        })
        .collect();
    if !told.is_empty() {
        lines.push(format!("{}.", told.join(", ")));
    }
    lines
}

async fn show(place: &Place, arguments: &MemberArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let organisation = must_find(&store, &arguments.organisation).await?;
    let member = member_of(&arguments.member)?;
    let master = place.master_key(&store).await?;
    let life = office::masked_life(&store, &master, organisation, member, arguments.known_on)
        .await
        .map_err(refused)?;
    if life.is_empty() {
        refuse!(
            "sổ này không có thành viên như vậy; `hoptac member list` liệt kê thành viên",
            "there is no such member on this roll; `hoptac member list` shows who is"
        );
    }
    if arguments.json {
        let spans: Vec<Value> = life.iter().map(to_json).collect();
        output::json(&json!({ "organisation": organisation, "member": member, "spans": spans }))?;
        return Ok(Outcome::Done);
    }
    let language: Language = arguments.lang.into();
    let vi = language == Language::Vi;
    for listed in &life {
        let Span { entry, from, until, left, .. } = &listed.span;
        let until = until.map_or_else(|| "…".to_owned(), |day| date::show(day, language));
        let mut line = format!(
            "{} – {until}: {}, {}, {} đồng",
            date::show(*from, language),
            entry.kind.words().get(language),
            entry.class.words().get(language),
            number::whole(entry.capital, language),
        );
        if let Some(cause) = left {
            line.push_str("; ");
            line.push_str(cause.words().get(language));
        }
        output::say(&line)?;
        match &listed.identity {
            None => output::say(if vi {
                "  dữ liệu cá nhân đã xóa"
            } else {
                "  personal data erased"
            })?,
            Some(masked) => {
                let parts = [
                    Some(&masked.name),
                    masked.number.as_ref(),
                    masked.born.as_ref(),
                    masked.phone.as_ref(),
                ];
                let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
                output::say(&format!("  {}", parts.join(" · ")))?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// The verbs with their kinds.
fn kind_of(verb: &str) -> Result<FilingKind> {
    let kinds = [
        FilingKind::MemberRoll,
        FilingKind::MemberJoin,
        FilingKind::MemberChange,
        FilingKind::MemberLeave,
        FilingKind::MemberTransfer,
    ];
    let code = format!("member.{}", verb.strip_prefix("member.").unwrap_or(verb));
    match kinds.into_iter().find(|kind| kind.code() == code) {
        Some(kind) => Ok(kind),
        None => refuse!(
            "không có hồ sơ như vậy; các loại gồm roll, join, change, leave, transfer",
            "there is no such filing; the verbs are roll, join, change, leave, transfer"
        ),
    }
}

async fn file(place: &Place, arguments: &MemberFileArguments) -> Result<Outcome> {
    let kind = kind_of(&arguments.verb)?;
    let text = filing::text_of(&arguments.file)?;
    let (act, findings) = office::read_act(kind, &text);
    let Some(act) = act else {
        return filing::report(&findings, None, arguments.filing.json, arguments.filing.lang);
    };
    let seen = arguments.expected_version;
    send(place, &arguments.organisation, act, seen, arguments.check, &arguments.filing).await
}

async fn import(place: &Place, arguments: &ImportArguments) -> Result<Outcome> {
    let text = filing::text_of(&arguments.file)?;
    let is_csv =
        arguments.file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let text = if is_csv { roll_of_csv(&text)? } else { text };
    let (act, findings) = office::read_act(FilingKind::MemberRoll, &text);
    let Some(act) = act else {
        return filing::report(&findings, None, arguments.filing.json, arguments.filing.lang);
    };
    send(place, &arguments.organisation, act, None, arguments.check, &arguments.filing).await
}

/// A table with the fields' names in its first line, as the JSON of a roll. What is in the cells is left to the reader of
/// forms, which never repeats it.
fn roll_of_csv(text: &str) -> Result<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    let heads: Vec<String> = match reader.headers() {
        Ok(heads) => heads.iter().map(|head| head.trim().to_owned()).collect(),
        Err(_) => refuse!(
            "tệp không phải là bảng; hãy viết tên các trường ở dòng đầu",
            "the file is no table; write the fields' names in its first line"
        ),
    };
    if let Some(at) = heads.iter().position(|head| !FIELDS.contains(&head.as_str())) {
        refuse!(
            "cột {column} không mang tên trường nào; các trường gồm {fields}",
            "column {column} has no field's name; the fields are {fields}",
            column = at + 1,
            fields = FIELDS.join(", ")
        );
    }
    let mut members = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let Ok(record) = record else {
            refuse!(
                "dòng {line} có số ô khác dòng đầu",
                "line {line} has another number of cells than the first one",
                line = at + 2
            );
        };
        let cells = heads.iter().zip(record.iter()).filter(|(_, cell)| !cell.trim().is_empty());
        let member: Map<String, Value> =
            cells.map(|(head, cell)| (head.clone(), typed(head, cell.trim()))).collect();
        members.push(Value::Object(member));
    }
    Ok(serde_json::to_string(&json!({ "members": members }))?)
}

/// The value of a cell: whole numbers and flags are no texts.
fn typed(head: &str, cell: &str) -> Value {
    match head {
        "capital" => {
            let plain: String = cell.chars().filter(|c| !['.', ',', ' '].contains(c)).collect();
            plain.parse::<i64>().map_or_else(|_| json!(cell), |amount| json!(amount))
        }
        "foreign" | "disabled" => match cell.to_lowercase().as_str() {
            "true" | "1" | "có" | "x" => json!(true),
            "false" | "0" | "không" => json!(false),
            _ => json!(cell),
        },
        _ => json!(cell),
    }
}

/// Seals and files what happens to a roll, or says what would be found.
async fn send(
    place: &Place,
    organisation: &str,
    act: Act,
    expected_version: Option<u32>,
    check: bool,
    arguments: &Filing,
) -> Result<Outcome> {
    let actor = filing::actor(&arguments.who)?;
    let store = place.open().await?;
    let organisation = must_find(&store, organisation).await?;
    let master = place.master_key(&store).await?;
    let recorded_at = clock::now();
    let request = Request {
        id: clock::filing_id(recorded_at),
        recorded_at,
        effective_on: arguments.effective_on.unwrap_or_else(clock::today),
        organisation,
        expected_version,
        key: arguments.key.clone(),
        origin: Origin::Live,
        act,
    };
    let mut chance = keys::chance;
    let mut seals = Seals { master: &master, chance: &mut chance };
    let (json, lang) = (arguments.json, arguments.lang);
    if check {
        let findings = office::check(&store, &actor, &mut seals, request).await.map_err(refused)?;
        return filing::report(&findings, None, json, lang);
    }
    match office::file(&store, &actor, &mut seals, request).await {
        Ok(accepted) => {
            let filed = Some((&accepted.filing, accepted.repeated));
            filing::report(&accepted.findings, filed, json, lang)
        }
        Err(Refusal::Invalid(findings)) => filing::report(&findings, None, json, lang),
        Err(refusal) => Err(refused(refusal)),
    }
}

async fn reconciled(place: &Place, arguments: &ReconcileArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let asked = Asked {
        unit: arguments.unit.as_deref(),
        as_of: arguments.as_of,
        geography: arguments.geography,
        known_on: arguments.known_on,
        position: None,
    };
    let known = view::known_on(&store, arguments.known_on).await?;
    let plan = view::must_be_known(known.plan, arguments.known_on)?;
    let as_of = asked.as_of.or(asked.known_on).unwrap_or_else(clock::today);
    let code = asked.unit.unwrap_or(&plan.pack.setting.unit);
    let day = asked.geography.unwrap_or(as_of);
    let Some(unit) = known.places.find(code, day) else {
        refuse!(
            "không có đơn vị `{code}`; tìm bằng `hoptac unit list`",
            "there is no unit `{code}`; look it up with `hoptac unit list`",
            code
        )
    };
    let geography = asked.geography.unwrap_or_else(|| known.places.geography_for(unit, as_of));
    let reconciled = reconcile(&known.register, &known.places, &unit.id, geography, as_of);
    if arguments.json {
        output::json(&json!({
            "ledger_position": known.register.position,
            "synthetic": known.register.has_synthetic(),
            "as_of": as_of,
            "geography": geography,
            "known_on": arguments.known_on,
            "unit": unit.code,
            "reconciled": reconciled,
        }))?;
        return Ok(Outcome::Done);
    }
    for line in reconciled_lines(&reconciled, arguments.all, arguments.lang.into()) {
        output::say(&line)?;
    }
    if known.register.has_synthetic() {
        output::say(if arguments.lang == Lang::Vi {
            "Dữ liệu mô phỏng."
        } else {
            "Synthetic data."
        })?;
    }
    Ok(Outcome::Done)
}

fn reconciled_lines(reconciled: &Reconciled, all: bool, language: Language) -> Vec<String> {
    let vi = language == Language::Vi;
    let heads = if vi {
        ["", "Tổ chức", "Có sổ", "Khai", "Khai (có sổ)", "Theo sổ", "Số người"]
    } else {
        [
            "",
            "Organisations",
            "With a roll",
            "Declared",
            "Declared (with roll)",
            "On rolls",
            "Distinct",
        ]
    };
    let mut table = Table::new(
        &heads.map(|head| (head, if head.is_empty() { Align::Left } else { Align::Right })),
    );
    let show = |value: Option<i64>| {
        value.map_or_else(|| "–".to_owned(), |value| number::whole(value, language))
    };
    for unit in &reconciled.units {
        let sums = &unit.sums;
        table.row(vec![
            unit.name.clone(),
            show(Some(sums.organisations)),
            show(Some(sums.with_roll)),
            show(sums.declared),
            show(sums.declared_with_roll),
            show(sums.on_roll),
            show(sums.distinct),
        ]);
    }
    let mut lines = table.lines(WIDTH);
    let differ = reconciled.organisations.iter().filter(|one| all || one.differs());
    let mut table = Table::new(&[
        (if vi { "Tổ chức" } else { "Organisation" }, Align::Left),
        (if vi { "Khai" } else { "Declared" }, Align::Right),
        (if vi { "Theo sổ" } else { "On the roll" }, Align::Right),
        (if vi { "Chính thức" } else { "Official" }, Align::Right),
    ]);
    let mut some = false;
    for one in differ {
        some = true;
        table.row(vec![
            one.name.clone(),
            show(one.declared),
            show(one.on_roll),
            show(one.official),
        ]);
    }
    if some {
        lines.push(String::new());
        lines.extend(table.lines(WIDTH));
    }
    lines
}

async fn unmask(place: &Place, arguments: &UnmaskArguments) -> Result<Outcome> {
    let actor = filing::actor(&arguments.who)?;
    let store = place.open().await?;
    let organisation = must_find(&store, &arguments.organisation).await?;
    let member = member_of(&arguments.member)?;
    let master = place.master_key(&store).await?;
    let recorded_at = clock::now();
    let disclosure = Disclosure {
        id: clock::filing_id(recorded_at),
        recorded_at,
        organisation,
        day: clock::today(),
        members: Some(vec![member]),
        way: DiscloseWay::Unmask,
        purpose: arguments.purpose.clone(),
    };
    let outcome = office::disclose(&store, &actor, &master, disclosure).await;
    let (accepted, opened) = match outcome {
        Ok(read) => read,
        Err(Refusal::Invalid(findings)) => {
            return filing::report(&findings, None, arguments.json, arguments.lang);
        }
        Err(refusal) => return Err(refused(refusal)),
    };
    let Some(one) = opened.first() else {
        refuse!("thành viên này chưa có trong sổ", "this member is not on the roll yet")
    };
    let value = opened_json(one);
    if arguments.json {
        output::json(&json!({ "filed_at": accepted.filing.position, "member": value }))?;
        return Ok(Outcome::Done);
    }
    for (name, value) in
        value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null())
    {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        output::say(&format!("{name:<18}{text}"))?;
    }
    output::say(&if arguments.lang == Lang::Vi {
        format!("Việc xem đã được ghi vào sổ cái, số {}.", accepted.filing.position)
    } else {
        format!("That it was read stands in the ledger, at position {}.", accepted.filing.position)
    })?;
    Ok(Outcome::Done)
}

/// A member in clear, by the fields of a form, so that an export can be read in again.
fn opened_json(opened: &Opened) -> Value {
    let entry = &opened.span.entry;
    let mut value = json!({
        "member": entry.member,
        "kind": entry.kind.code(),
        "class": entry.class.code(),
        "capital": entry.capital,
        "joined": opened.since,
        "foreign": entry.foreign,
    });
    let Some(fields) = value.as_object_mut() else { return value };
    if let Some(identity) = &opened.identity {
        fields.insert("name".to_owned(), json!(identity.name));
        fields.insert("personal_number".to_owned(), json!(identity.number));
        fields.insert("born".to_owned(), json!(identity.born));
        fields.insert("phone".to_owned(), json!(identity.phone));
        fields.insert("address".to_owned(), json!(identity.address));
    }
    if let Some(Marks { sex, ethnicity, hardship, disabled }) = &opened.marks {
        let sex = sex.map(|sex| if sex == Sex::Female { "female" } else { "male" });
        fields.insert("sex".to_owned(), json!(sex));
        fields.insert("ethnicity".to_owned(), json!(ethnicity));
        fields.insert(
            "hardship".to_owned(),
            json!(hardship.map(hoptac_model::member::Hardship::code)),
        );
        fields.insert("disabled".to_owned(), json!(disabled));
    }
    value
}

async fn export(place: &Place, arguments: &ExportArguments) -> Result<Outcome> {
    let actor = filing::actor(&arguments.who)?;
    let store = place.open().await?;
    let organisation = must_find(&store, &arguments.organisation).await?;
    let master = place.master_key(&store).await?;
    // The file is made first: nothing is read that could not be written.
    let mut out = private_file(&arguments.out)?;
    let recorded_at = clock::now();
    let disclosure = Disclosure {
        id: clock::filing_id(recorded_at),
        recorded_at,
        organisation,
        day: arguments.as_of.unwrap_or_else(clock::today),
        members: None,
        way: DiscloseWay::Export,
        purpose: arguments.purpose.clone(),
    };
    let read = office::disclose(&store, &actor, &master, disclosure).await;
    let (accepted, opened) = match read {
        Ok(read) => read,
        Err(refusal) => {
            drop(out);
            std::fs::remove_file(&arguments.out)?;
            if let Refusal::Invalid(findings) = refusal {
                return filing::report(&findings, None, false, arguments.lang);
            }
            return Err(refused(refusal));
        }
    };
    let members: Vec<Value> = opened.iter().map(opened_json).collect();
    let is_csv = arguments.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    if is_csv {
        let mut writer = csv::Writer::from_writer(&mut out);
        writer.write_record(FIELDS)?;
        for member in &members {
            let cell = |name: &str| match member.get(name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
            };
            writer.write_record(FIELDS.map(cell))?;
        }
        writer.flush()?;
    } else {
        out.write_all(serde_json::to_string_pretty(&json!({ "members": members }))?.as_bytes())?;
    }
    out.sync_all()?;
    output::say(&if arguments.lang == Lang::Vi {
        format!(
            "Đã ghi {} thành viên vào tệp; việc xuất dữ liệu đã được ghi vào sổ cái, số {}.",
            members.len(),
            accepted.filing.position
        )
    } else {
        format!(
            "{} members were written; that they were exported stands in the ledger, at position {}.",
            members.len(),
            accepted.filing.position
        )
    })?;
    Ok(Outcome::Done)
}

/// A new file that only its owner may read.
fn private_file(path: &Path) -> Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).with_context(|| {
        said!(
            "không tạo được `{file}`; hãy nêu một tệp chưa có",
            "`{file}` cannot be made; name a file that is not there yet",
            file = path.display().to_string()
        )
    })
}

async fn strike(place: &Place, arguments: &StrikeArguments) -> Result<Outcome> {
    let filing = &arguments.filing;
    let actor = filing::actor(&filing.who)?;
    let store = place.open().await?;
    let organisation = must_find(&store, &arguments.organisation).await?;
    let wrong = filing::must_find(&store, &arguments.wrong).await?;
    let body = MemberStrike { filing: wrong.id, reason: arguments.reason.clone() };
    let draft = draft(organisation, Membership::Strike(body), filing);
    filing::file(&store, &actor, Ok(draft), Vec::new(), filing.json, filing.lang).await
}

/// A filing about a roll that holds nothing personal.
fn draft(organisation: OrganisationId, body: Membership, filing: &Filing) -> Draft {
    let recorded_at = clock::now();
    Draft {
        id: clock::filing_id(recorded_at),
        recorded_at,
        effective_on: filing.effective_on.unwrap_or_else(clock::today),
        actor: String::new(),
        subject: Subject::organisation(organisation),
        expected_version: None,
        origin: Origin::Live,
        key: filing.key.clone(),
        body: Body::Membership(body),
    }
}

async fn erase(place: &Place, arguments: &EraseArguments) -> Result<Outcome> {
    let filing = &arguments.filing;
    let actor = filing::actor(&filing.who)?;
    let Some(ground) = EraseGround::from_code(&arguments.ground) else {
        let all = EraseGround::ALL.map(EraseGround::code).join(", ");
        refuse!(
            "không có căn cứ `{ground}`; các căn cứ gồm {all}",
            "there is no ground `{ground}`; the grounds are {all}",
            ground = &arguments.ground,
            all
        );
    };
    let members = if arguments.all {
        None
    } else {
        Some(arguments.members.iter().map(|m| member_of(m)).collect::<Result<Vec<_>>>()?)
    };
    let store = place.open().await?;
    let organisation = must_find(&store, &arguments.organisation).await?;
    if !arguments.yes && !is_meant(members.as_ref().map(Vec::len), filing.lang)? {
        refuse!(
            "chưa xóa gì; khi không có ai để hỏi, hãy thêm --yes",
            "nothing was erased; add --yes where nobody can be asked"
        );
    }
    let reason = arguments.reason.clone();
    let body = MemberErase { members, ground, reason };
    let draft = draft(organisation, Membership::Erase(body), filing);
    filing::file(&store, &actor, Ok(draft), Vec::new(), filing.json, filing.lang).await
}

/// Asks whether it is meant; without a terminal nobody can answer.
fn is_meant(members: Option<usize>, lang: Lang) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    let vi = lang == Lang::Vi;
    output::say(&match members {
        Some(count) if vi => {
            format!("Dữ liệu cá nhân của {count} thành viên sẽ mất vĩnh viễn. Gõ XOA để tiếp tục:")
        }
        Some(count) => format!(
            "The personal data of {count} members will be lost for ever. Type ERASE to go on:"
        ),
        None if vi => {
            "Dữ liệu cá nhân của mọi thành viên sẽ mất vĩnh viễn. Gõ XOA để tiếp tục:".to_owned()
        }
        None => "The personal data of all members will be lost for ever. Type ERASE to go on:"
            .to_owned(),
    })?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == if vi { "XOA" } else { "ERASE" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_become_rolls() {
        let csv = "\u{feff}kind;class;capital;name;disabled\nperson;official;5.000.000;Mẫu Văn An;không\n";
        let roll: Value = serde_json::from_str(&roll_of_csv(csv).unwrap()).unwrap();
        assert_eq!(
            roll["members"],
            json!([{"kind": "person", "class": "official", "capital": 5_000_000, "name": "Mẫu Văn An", "disabled": false}])
        );
    }
    #[test]
    fn what_is_in_a_table_is_not_repeated() {
        let error = roll_of_csv("kind,Nguyễn Văn A\n").unwrap_err().to_string();
        assert!(error.contains("cột 2") && !error.contains("Nguyễn"), "{error}");
        let error = roll_of_csv("kind,name\nNguyễn Văn A\n").unwrap_err().to_string();
        assert!(error.contains("dòng 2") && !error.contains("Nguyễn"), "{error}");
    }
}
