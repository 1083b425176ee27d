//! `hoptac token`: tokens of programs made, listed and taken back from the machine itself.

use anyhow::Result;
use hoptac_model::account::AccountName;
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::text::Language;
use hoptac_model::words;
use hoptac_office::token::{self, Wish, WishError};
use hoptac_store::{TokenKind, TokenOnFile};
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::token::{CreateArguments, ListArguments, RevokeArguments, TokenCommand};
use crate::output::{self, Align, Table};
use crate::sentence::refuse;
use crate::{Outcome, clock};

pub(crate) async fn run(place: &Place, command: TokenCommand) -> Result<Outcome> {
    match command {
        TokenCommand::Create(arguments) => create(place, arguments).await,
        TokenCommand::List(arguments) => list(place, &arguments).await,
        TokenCommand::Revoke(arguments) => revoke(place, &arguments).await,
    }
}

async fn create(place: &Place, arguments: CreateArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let wish = Wish {
        account: AccountName(arguments.account),
        kind: if arguments.client { TokenKind::Client } else { TokenKind::Personal },
        label: arguments.label,
        permissions: arguments.permissions.join(" "),
        days: arguments.days,
    };
    let secret = clock::token();
    let language: Language = arguments.lang.into();
    let made = match token::make(&store, wish, (&secret, clock::bytes()), clock::now()).await {
        Ok(made) => made,
        Err(WishError::Invalid(field, sentence)) => {
            refuse!("{field}: {sentence}", "{field}: {sentence}", field, sentence)
        }
        Err(WishError::Store(error)) => return Err(error.into()),
    };
    if arguments.json {
        let mut value = to_json(&made.token);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("token".to_owned(), json!(made.shown));
        }
        output::json(&value)?;
        return Ok(Outcome::Done);
    }
    let vi = language == Language::Vi;
    output::say(if vi {
        "Mã chỉ hiện lần này; hãy cất vào nơi an toàn:"
    } else {
        "It is shown this once; keep it in a safe place:"
    })?;
    output::say(&format!("  {}", made.shown))?;
    let what = if made.token.kind == TokenKind::Client { "client_id" } else { "id" };
    output::say(&format!("  {what}: {}", made.token.id))?;
    output::say(&format!(
        "  {}: {}",
        if vi { "quyền" } else { "permissions" },
        made.token.permissions
    ))?;
    output::say(&format!("  {}: {}", if vi { "hết hạn" } else { "ends" }, made.token.expires_at))?;
    Ok(Outcome::Done)
}

async fn list(place: &Place, arguments: &ListArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let account = arguments.account.as_deref().map(AccountName::from);
    let tokens = store.tokens(account.as_ref()).await?;
    if arguments.json {
        output::json(&json!({ "tokens": tokens.iter().map(to_json).collect::<Vec<_>>() }))?;
        return Ok(Outcome::Done);
    }
    let language = Language::from(arguments.lang);
    let vi = language == Language::Vi;
    if tokens.is_empty() {
        output::say(if vi {
            "Chưa có mã truy cập nào; tạo bằng `hoptac token create`."
        } else {
            "There are no tokens yet; make one with `hoptac token create`."
        })?;
        return Ok(Outcome::Done);
    }
    let shown = |at| date::show(clock::day_of(at), language);
    let heads = if vi {
        ["Định danh", "Tài khoản", "Dùng để", "Quyền", "Dùng lần cuối", "Hết hạn"]
    } else {
        ["Id", "Account", "For", "Permissions", "Last used", "Ends"]
    };
    let mut table = Table::new(&heads.map(|head| (head, Align::Left)));
    for token in &tokens {
        let ends = match token.revoked_at {
            Some(at) => format!("{} {}", if vi { "thu hồi" } else { "revoked" }, shown(at)),
            None => shown(token.expires_at),
        };
        table.row(vec![
            token.id.clone(),
            token.account.to_string(),
            token.label.clone(),
            token.permissions.clone(),
            token.used_at.map_or_else(|| number::NO_VALUE.to_owned(), shown),
            ends,
        ]);
    }
    for line in table.lines(output::WIDTH) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

async fn revoke(place: &Place, arguments: &RevokeArguments) -> Result<Outcome> {
    let store = place.open().await?;
    if !store.revoke_token(&arguments.id, clock::now()).await? {
        refuse!(
            "không có mã `{id}` còn hiệu lực; tra cứu bằng `hoptac token list`",
            "there is no token `{id}` that still works; look it up with `hoptac token list`",
            id = arguments.id.as_str()
        );
    }
    let told = words!("đã thu hồi {id}", "revoked {id}", id = arguments.id.as_str());
    output::say(told.get(arguments.lang.into()))?;
    Ok(Outcome::Done)
}

fn to_json(token: &TokenOnFile) -> Value {
    json!({
        "id": token.id,
        "account": token.account,
        "kind": token.kind.code(),
        "label": token.label,
        "permissions": token.permissions.split_whitespace().collect::<Vec<_>>(),
        "made_at": token.made_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "used_at": token.used_at,
    })
}
