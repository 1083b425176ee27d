//! `hoptac bundle`: figures from one instance to another, signed by the sender, proven and received by a filing.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_engine::board::{Board, Question};
use hoptac_engine::counted;
use hoptac_engine::disclosure::Disclosure;
use hoptac_engine::open_data::{self, Source};
use hoptac_model::bundle::{BYTES_MAX, Bundle, BundleError};
use hoptac_model::date;
use hoptac_model::ids::UnitId;
use hoptac_model::text::Language;
use hoptac_model::words;
use hoptac_office::bundle::{self as office, About, Receipt};
use hoptac_office::key::Key;
use hoptac_office::{Actor, Role};
use hoptac_store::{BundleOnFile, Store};
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::SMALL_CELL;
use crate::cli::bundle::{AcceptArguments, BundleCommand};
use crate::sentence::{Sentence, not_opened, refuse, said};
use crate::{Outcome, clock, export, output, view};

pub(crate) async fn run(place: &Place, command: BundleCommand) -> Result<Outcome> {
    match command {
        BundleCommand::Make { out, json, lang } => make(place, &out, json, lang.into()).await,
        BundleCommand::Key => key(place).await,
        BundleCommand::Verify { file, key, json, lang } => {
            verify(&file, key.as_deref(), json, lang.into())
        }
        BundleCommand::Accept(arguments) => accept(place, &arguments).await,
        BundleCommand::List { json, lang } => list(place, json, lang.into()).await,
        BundleCommand::Show { sender, json, lang } => show(place, &sender, json, lang.into()).await,
    }
}

async fn instance_key(place: &Place, store: &Store) -> Result<Key> {
    Ok(Key::of_instance(&place.master_key(store).await?))
}

async fn key(place: &Place) -> Result<Outcome> {
    let store = place.open().await?;
    output::say(&office::public_key(&instance_key(place, &store).await?))?;
    Ok(Outcome::Done)
}

async fn make(place: &Place, out: &Path, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let key = instance_key(place, &store).await?;
    let (position, head) = store.head().await?;
    // What is filed from here on belongs to the next bundle.
    let known = store.known_at(position).await?;
    let Some(plan) = known.plan else {
        view::must_have_plan(&store).await?;
        refuse!("sổ cái chưa có kế hoạch", "the ledger has no plan yet");
    };
    let setting = &plan.pack.setting;
    let question = Question { as_of: clock::today(), geography: setting.geography };
    let Some(whole) = known.places.find(&setting.unit, setting.geography) else {
        refuse!(
            "không có đơn vị `{unit}` của kế hoạch; hãy xem `hoptac unit list`",
            "there is no unit `{unit}`, whose plan it is; look at `hoptac unit list`",
            unit = &setting.unit
        );
    };
    let parts: Vec<UnitId> = known
        .places
        .children(&whole.id, setting.geography)
        .into_iter()
        .map(|unit| unit.id.clone())
        .collect();
    let board = Board::compute(&known.register, &known.places, &plan.pack, question);
    // From office to office no figure is hidden: small cells are a matter of the public side.
    let mut data = open_data::of(&Source {
        board: &board,
        pack: &plan.pack,
        register: &known.register,
        places: &known.places,
        hidden: &Disclosure::default(),
        least: 1,
        whole: &whole.id,
        parts: &parts,
    });
    // Facts say more than figures do, so that those of few organisations stay at home.
    data.tables.extend(counted::of(&counted::Source {
        pack: &plan.pack,
        register: &known.register,
        places: &known.places,
        question,
        whole: &whole.id,
        parts: &parts,
        least: usize::from(SMALL_CELL),
    }));
    let about = About { unit: whole.id.as_str(), head, made_on: clock::today() };
    let bytes = office::seal(&key, &data, about);
    export::write(out, &bytes)?;
    let bundle = office::open(&bytes).map_err(|error| broken(&error))?;
    if as_json {
        output::json(&of_manifest(&bundle, bytes.len()))?;
    } else {
        let line = words!(
            "{file}: số liệu đến bút toán số {position}, {bytes} byte, ký bằng khóa {key}",
            "{file}: figures up to position {position}, {bytes} bytes, signed with the key {key}",
            file = out.display().to_string(),
            position,
            bytes = bytes.len(),
            key = &bundle.manifest.key
        );
        output::say(line.get(language))?;
    }
    Ok(Outcome::Done)
}

/// The bytes of a file that may be a bundle.
fn read(file: &Path) -> Result<Vec<u8>> {
    let size = std::fs::metadata(file).with_context(|| not_opened(file))?.len();
    if size > BYTES_MAX as u64 {
        return Err(broken(&BundleError::TooLarge));
    }
    std::fs::read(file).with_context(|| not_opened(file))
}

fn broken(error: &BundleError) -> anyhow::Error {
    anyhow::Error::new(Sentence(error.words()))
}

fn verify(file: &Path, key: Option<&str>, as_json: bool, language: Language) -> Result<Outcome> {
    let bytes = read(file)?;
    let bundle = match office::open(&bytes) {
        Ok(bundle) => bundle,
        Err(error) => {
            let what = error.words();
            if as_json {
                output::json(&json!({ "valid": false, "problem": what }))?;
            } else {
                output::say(what.get(language))?;
            }
            return Ok(Outcome::Findings);
        }
    };
    if let Some(key) = key
        && key.trim() != bundle.manifest.key
    {
        let what = words!(
            "gói ký bằng khóa {key}, không phải khóa đã nêu; đối chiếu lại với nơi gửi",
            "the bundle is signed with the key {key}, which is not the one that was named; compare it with the sender",
            key = &bundle.manifest.key
        );
        if as_json {
            output::json(&json!({ "valid": false, "problem": what }))?;
        } else {
            output::say(what.get(language))?;
        }
        return Ok(Outcome::Findings);
    }
    if as_json {
        let mut told = of_manifest(&bundle, bytes.len());
        if let Some(object) = told.as_object_mut() {
            object.insert("valid".to_owned(), json!(true));
        }
        output::json(&told)?;
    } else {
        let manifest = &bundle.manifest;
        let line = words!(
            "gói còn nguyên: {unit}, kế hoạch {plan}, số liệu ngày {day}, bút toán số {position}, khóa {key}",
            "the bundle is whole: {unit}, plan {plan}, figures as of {day}, position {position}, key {key}",
            unit = &manifest.unit_name,
            plan = &manifest.plan,
            day = manifest.as_of,
            position = manifest.position,
            key = &manifest.key
        );
        output::say(line.get(language))?;
    }
    Ok(Outcome::Done)
}

async fn accept(place: &Place, arguments: &AcceptArguments) -> Result<Outcome> {
    let bytes = read(&arguments.file)?;
    let store = place.open().await?;
    let recorded_at = clock::now();
    let receipt = Receipt {
        id: clock::filing_id(recorded_at),
        recorded_at,
        named_key: arguments.key.clone(),
    };
    let actor = Actor::new(arguments.actor.clone(), Role::Operator);
    let accepted = office::accept(&store, &actor, receipt, &bytes).await.map_err(|refusal| {
        anyhow::Error::new(Sentence(refusal.sentence()))
            .context(said!("nhận gói số liệu", "receiving the bundle"))
    })?;
    let position = accepted.filing.position;
    if arguments.json {
        let Some(sender) = accepted.filing.subject.as_bundle() else { return Ok(Outcome::Done) };
        let on_file = must_find(&store, sender).await?;
        let mut told = to_json(&on_file);
        if let Some(object) = told.as_object_mut() {
            object.insert("repeated".to_owned(), json!(accepted.repeated));
        }
        output::json(&told)?;
        return Ok(Outcome::Done);
    }
    let line = if accepted.repeated {
        words!(
            "gói này đã nhận trước đây, hồ sơ số {position}; không có gì thay đổi",
            "this bundle was received before, by the filing {position}; nothing changed",
            position
        )
    } else {
        words!("đã nhận gói, hồ sơ số {position}", "received, filing {position}", position)
    };
    output::say(line.get(arguments.lang.into()))?;
    Ok(Outcome::Done)
}

/// The last bundle of each sender.
async fn last(store: &Store) -> Result<Vec<BundleOnFile>> {
    let all = store.bundles().await?;
    let last: BTreeMap<String, BundleOnFile> =
        all.into_iter().map(|one| (one.sender.clone(), one)).collect();
    Ok(last.into_values().collect())
}

async fn must_find(store: &Store, sender: &str) -> Result<BundleOnFile> {
    let found = last(store).await?.into_iter().find(|one| one.sender == sender);
    found.with_context(|| {
        said!(
            "chưa nhận gói nào của nơi gửi `{sender}`; `hoptac bundle list` liệt kê các nơi gửi",
            "no bundle of the sender `{sender}` was received; `hoptac bundle list` has the senders",
            sender
        )
    })
}

async fn list(place: &Place, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let senders = last(&store).await?;
    if as_json {
        output::json(&senders.iter().map(to_json).collect::<Vec<_>>())?;
        return Ok(Outcome::Done);
    }
    for one in &senders {
        output::say(&line_of(one, language))?;
    }
    if senders.is_empty() {
        let line = words!("chưa nhận gói nào", "no bundle was received yet");
        output::say(line.get(language))?;
    }
    Ok(Outcome::Done)
}

fn line_of(one: &BundleOnFile, language: Language) -> String {
    let bundle = &one.bundle;
    let day = date::show(bundle.as_of, language);
    format!(
        "{}  {}  {}  {day}  #{}",
        one.sender, bundle.unit_name, bundle.plan, one.filing.position
    )
}

async fn show(place: &Place, sender: &str, as_json: bool, language: Language) -> Result<Outcome> {
    let store = place.open().await?;
    let one = must_find(&store, sender).await?;
    if !as_json {
        output::say(&line_of(&one, language))?;
        return Ok(Outcome::Done);
    }
    let bytes = store.kept_file(&one.bundle.hash).await?.unwrap_or_default();
    let bundle = office::open(&bytes).map_err(|error| broken(&error))?;
    let mut told = to_json(&one);
    if let Some(object) = told.as_object_mut() {
        object.insert("tables".to_owned(), json!(bundle.tables));
    }
    output::json(&told)?;
    Ok(Outcome::Done)
}

fn of_manifest(bundle: &Bundle, bytes: usize) -> Value {
    let mut told = json!(bundle.manifest);
    if let Some(object) = told.as_object_mut() {
        object.insert("bytes".to_owned(), json!(bytes));
    }
    told
}

fn to_json(one: &BundleOnFile) -> Value {
    json!({
        "sender": one.sender,
        "position": one.filing.position,
        "recorded_at": one.filing.recorded_at,
        "actor": one.filing.actor,
        "bundle": one.bundle,
    })
}
