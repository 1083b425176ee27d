//! `hoptac webhook`: who is told of what is filed, and what became of telling them.

use anyhow::{Context as _, Result};
use hoptac_model::number;
use hoptac_model::text::Language;
use hoptac_office::key::Key;
use hoptac_office::webhook::{self, Attempt, Wish, WishError};
use hoptac_store::{Delivery, DeliveryState, Store, WebhookOnFile};
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::webhook::{
    AddArguments, DeliveriesArguments, ListArguments, NameArguments, TestArguments, WebhookCommand,
};
use crate::client::Networks;
use crate::delivery::Sender;
use crate::output::{self, Align, Table};
use crate::sentence::{Sentence, refuse, said};
use crate::{Outcome, clock};

pub(crate) async fn run(place: &Place, command: WebhookCommand) -> Result<Outcome> {
    match command {
        WebhookCommand::Add(arguments) => add(place, arguments).await,
        WebhookCommand::List(arguments) => list(place, &arguments).await,
        WebhookCommand::Remove(arguments) => remove(place, &arguments).await,
        WebhookCommand::Test(arguments) => test(place, &arguments).await,
        WebhookCommand::Deliveries(arguments) => deliveries(place, &arguments).await,
        WebhookCommand::Redeliver(arguments) => redeliver(place, &arguments).await,
    }
}

async fn add(place: &Place, arguments: AddArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let key = Key::of_instance(&place.master_key(&store).await?);
    let after = match arguments.after {
        Some(after) => after,
        None => store.position().await?,
    };
    let wish = Wish {
        account: arguments.account.as_str().into(),
        url: arguments.url,
        kinds: arguments.kinds.join(" "),
        after,
    };
    let language: Language = arguments.lang.into();
    let chance = (clock::bytes(), clock::bytes(), clock::bytes());
    let (hook, secret) = match webhook::add(&store, &key, wish, chance, clock::now()).await {
        Ok(made) => made,
        Err(WishError::Invalid(field, sentence)) => {
            refuse!("{field}: {sentence}", "{field}: {sentence}", field, sentence)
        }
        Err(WishError::Store(error)) => return Err(error.into()),
    };
    if arguments.json {
        let mut value = to_json(&hook);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("secret".to_owned(), json!(secret));
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    output::say(match language {
        Language::Vi => "Khóa ký chỉ hiện lần này; hãy cất vào nơi an toàn:",
        Language::En => "The secret that signs is shown this once; keep it in a safe place:",
    })?;
    output::say(&format!("  {secret}"))?;
    output::say(&format!("  id: {}", hook.id))?;
    Ok(Outcome::Done)
}

async fn list(place: &Place, arguments: &ListArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let hooks = store.webhooks().await?;
    if arguments.json {
        output::json(&json!({ "webhooks": hooks.iter().map(to_json).collect::<Vec<_>>() }))?;
        return Ok(Outcome::Done);
    }
    let heads = match Language::from(arguments.lang) {
        Language::Vi => ["Định danh", "Tài khoản", "Địa chỉ", "Loại hồ sơ", "Đã đến vị trí"],
        Language::En => ["Id", "Account", "Address", "Kinds", "Position"],
    };
    let mut table = Table::new(&heads.map(|head| (head, Align::Left)));
    for hook in &hooks {
        let kinds = if hook.kinds.is_empty() { number::NO_VALUE } else { &hook.kinds };
        table.row(vec![
            hook.id.clone(),
            hook.account.to_string(),
            hook.url.clone(),
            kinds.to_owned(),
            hook.position.to_string(),
        ]);
    }
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

async fn remove(place: &Place, arguments: &NameArguments) -> Result<Outcome> {
    let store = place.open().await?;
    if !store.remove_webhook(&arguments.id).await? {
        return Err(unknown(&arguments.id).into());
    }
    output::say(&format!("đã xóa webhook {}", arguments.id))?;
    Ok(Outcome::Done)
}

async fn test(place: &Place, arguments: &TestArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let key = Key::of_instance(&place.master_key(&store).await?);
    let hook = must_find(&store, &arguments.id).await?;
    let at = clock::now();
    let sender = Sender::new(Networks::of(arguments.private_webhooks));
    let body = webhook::trial(at);
    let id = format!("msg_test_{}", at.as_millisecond());
    let secret = webhook::secret(&hook, &key).context(said!(
        "khóa ký của webhook này không mở được bằng khóa chính của máy chủ này",
        "the secret of this webhook does not open with the master key of this instance"
    ))?;
    match sender.send(&hook.url, &secret, &id, at, body).await {
        Attempt::Answered(status) if (200..300).contains(&status) => {
            output::say(&format!("{} trả lời {status}", hook.url))?;
            Ok(Outcome::Done)
        }
        Attempt::Answered(status) => refuse!(
            "{url} trả lời {status}; bên nhận phải trả lời 2xx",
            "{url} answered {status}; it should answer 2xx",
            url = hook.url.as_str(),
            status = u32::from(status)
        ),
        Attempt::Failed(reason) => refuse!(
            "không gửi được tới {url}: {reason}",
            "{url} could not be told: {reason}",
            url = hook.url.as_str(),
            reason = reason.as_str()
        ),
    }
}

async fn deliveries(place: &Place, arguments: &DeliveriesArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let state = arguments.dead.then_some(DeliveryState::Dead);
    let found = store.deliveries(arguments.webhook.as_deref(), state, arguments.limit).await?;
    if arguments.json {
        let list: Vec<Value> = found.iter().map(delivery_json).collect();
        output::json(&json!({ "deliveries": list }))?;
        return Ok(Outcome::Done);
    }
    let vi = Language::from(arguments.lang) == Language::Vi;
    let heads = if vi {
        ["Thông điệp", "Webhook", "Vị trí", "Tình trạng", "Số lần", "Kết quả"]
    } else {
        ["Message", "Webhook", "Position", "State", "Attempts", "Outcome"]
    };
    let mut table = Table::new(&heads.map(|head| (head, Align::Left)));
    for one in &found {
        let state = match (one.state, vi) {
            (DeliveryState::Waiting, true) => "chờ gửi",
            (DeliveryState::Delivered, true) => "đã gửi",
            (DeliveryState::Dead, true) => "đã thôi gửi",
            (state, false) => state.code(),
        };
        let outcome = one.answer.map(|status| status.to_string()).or_else(|| one.failure.clone());
        table.row(vec![
            one.id.clone(),
            one.webhook.clone(),
            one.position.to_string(),
            state.to_owned(),
            one.attempts.to_string(),
            outcome.unwrap_or_else(|| number::NO_VALUE.to_owned()),
        ]);
    }
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

async fn redeliver(place: &Place, arguments: &NameArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let Some(found) = store.find_delivery(&arguments.id).await? else {
        refuse!(
            "không có thông điệp `{id}`; tra cứu bằng `hoptac webhook deliveries`",
            "there is no delivery `{id}`; look it up with `hoptac webhook deliveries`",
            id = arguments.id.as_str()
        );
    };
    let again = Delivery {
        state: DeliveryState::Waiting,
        attempts: 0,
        due_second: clock::now().as_second(),
        done_at: None,
        ..found
    };
    store.note_delivery(&again).await?;
    output::say(&format!("{} sẽ được gửi lại", arguments.id))?;
    Ok(Outcome::Done)
}

async fn must_find(store: &Store, id: &str) -> Result<WebhookOnFile> {
    let hooks = store.webhooks().await?;
    hooks.into_iter().find(|hook| hook.id == id).with_context(|| unknown(id))
}

fn unknown(id: &str) -> Sentence {
    said!(
        "không có webhook `{id}`; tra cứu bằng `hoptac webhook list`",
        "there is no webhook `{id}`; look it up with `hoptac webhook list`",
        id
    )
}

fn to_json(hook: &WebhookOnFile) -> Value {
    json!({
        "id": hook.id,
        "account": hook.account,
        "url": hook.url,
        "kinds": hook.kinds.split_whitespace().collect::<Vec<_>>(),
        "made_at": hook.made_at,
        "position": hook.position,
    })
}

fn delivery_json(one: &Delivery) -> Value {
    json!({
        "id": one.id,
        "webhook": one.webhook,
        "position": one.position,
        "state": one.state.code(),
        "attempts": one.attempts,
        "answer": one.answer,
        "failure": one.failure,
        "done_at": one.done_at,
    })
}
