//! Access: what a client is given for its secret, and who a token says one is.

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hoptac_model::account::Role;
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_office::token::{self, ExchangeError};
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::bearer::fresh;
use super::call::Call;
use super::operation::{Api, Body, Group, Operation};
use super::problem::{Kind, OrBroken as _, Problem};
use super::reply::Reply;
use super::text::Text;
use crate::query;
use crate::routes::Need;

const EXCHANGE: Operation = Operation {
    method: "POST",
    title: (
        "Đổi mật khẩu ứng dụng lấy mã truy cập một giờ",
        "A token for an hour in exchange for a client's secret",
    ),
    about: (
        "OAuth 2.0, cách cấp client_credentials: client_id và client_secret gửi bằng Authorization: Basic hoặc trong biểu mẫu. \
         Lỗi trả về theo RFC 6749.",
        "OAuth 2.0, grant client_credentials: client_id and client_secret by Authorization: Basic or as fields of the form. \
         Errors are those of RFC 6749.",
    ),
    body: Some(Body { media: "application/x-www-form-urlencoded", most: 8 * 1024, schema: form }),
    ..Operation::read("/token", "createAccessToken", Group::Access, Need::Nothing)
};
const ACCOUNT: Operation = Operation {
    title: (
        "Tài khoản và quyền của mã truy cập đang dùng",
        "The account and the permissions of the token in use",
    ),
    ..Operation::read("/account", "getAccount", Group::Access, Need::Account)
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(EXCHANGE, exchange).add(ACCOUNT, account)
}

/// The form of a client.
fn form(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "properties": {
            "grant_type": { "const": "client_credentials" },
            "scope": { "type": "string", "description": "Permissions between blanks; all of the client's where it is not given." },
            "client_id": { "type": "string" },
            "client_secret": { "type": "string" },
        },
        "required": ["grant_type"],
    })
}

/// What a client was given.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccessToken")]
struct Given {
    /// The token, to be sent as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schemars(extend("const" = "Bearer"))]
    token_type: &'static str,
    /// For how many seconds it works.
    expires_in: i64,
    /// What it may do.
    scope: String,
}

async fn exchange(call: Call) -> Result<Reply<Given>, Problem> {
    let text = String::from_utf8_lossy(&call.body).into_owned();
    let fields = query::pairs(&text);
    let field = |name: &str| {
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    };
    let invalid =
        |sentence: Words| Problem::new(Kind::BadRequest, sentence).in_oauth("invalid_request");
    if let Some((name, _)) = fields.iter().enumerate().find_map(|(at, pair)| {
        fields.iter().take(at).any(|(earlier, _)| *earlier == pair.0).then_some(pair)
    }) {
        return Err(invalid(words!(
            "trường `{name}` xuất hiện hai lần",
            "the field `{name}` comes twice",
            name
        )));
    }
    match field("grant_type") {
        None => {
            return Err(invalid(words!(
                "thiếu grant_type=client_credentials",
                "grant_type=client_credentials is missing"
            )));
        }
        Some("client_credentials") => {}
        Some(_) => {
            return Err(Problem::new(
                Kind::BadRequest,
                words!(
                    "chỉ nhận grant_type=client_credentials",
                    "only grant_type=client_credentials is taken"
                ),
            )
            .in_oauth("unsupported_grant_type"));
        }
    }
    let basic = call.header(&header::AUTHORIZATION).and_then(basic);
    let (client, secret) = match (&basic, field("client_id"), field("client_secret")) {
        (Some((client, secret)), _, _) => (client.as_str(), secret.as_str()),
        (None, Some(client), Some(secret)) => (client, secret),
        (None, _, _) => ("", ""),
    };
    let Some(store) = call.app.store() else {
        return Err(call.store().err().unwrap_or_else(no_client));
    };
    let (secret_of_chance, id) = fresh(&call.app);
    let now = call.now();
    let given =
        token::exchange(store, (client, secret), field("scope"), (&secret_of_chance, id), now)
            .await;
    match given {
        Ok(made) => Ok(Reply::new(Given {
            access_token: made.shown,
            token_type: "Bearer",
            expires_in: made.token.expires_at.duration_since(now).as_secs(),
            scope: made.token.permissions,
        })),
        Err(ExchangeError::Client) => Err(no_client()),
        Err(ExchangeError::Scope(sentence)) => {
            Err(Problem::new(Kind::BadRequest, sentence).in_oauth("invalid_scope"))
        }
        Err(ExchangeError::Store(error)) => Err(Problem::broken(&call.app, &error)),
    }
}

fn no_client() -> Problem {
    Problem::new(
        Kind::Unauthorized,
        words!(
            "không có ứng dụng này, mật khẩu không đúng, hoặc ứng dụng đã hết hạn hay bị thu hồi",
            "the client is not known, its secret is not right, or it has ended or was taken back"
        ),
    )
    .in_oauth("invalid_client")
    .with(header::WWW_AUTHENTICATE, "Basic realm=\"hoptac\"")
}

/// Identity and secret from a header.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, coded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    let (client, secret) = text.split_once(':')?;
    Some((query::decode(client), query::decode(secret)))
}

/// The account and the permissions of the token in use.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Account")]
struct Document {
    /// The name of the account.
    name: String,
    /// What it is called.
    title: String,
    /// Everything that it can act as today.
    roles: Vec<RoleDocument>,
    /// The token in use.
    token: TokenDocument,
}

/// A role with its scope.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AccountRole")]
struct RoleDocument {
    /// The role.
    #[schemars(extend("enum" = Role::ALL.map(Role::code)))]
    role: &'static str,
    /// What people call it.
    words: Text,
    /// The unit with everything below it.
    territory: Option<String>,
    /// The sector.
    sector: Option<&'static str>,
    /// The agency.
    agency: Option<String>,
    /// The organisation.
    organisation: Option<String>,
    /// The account on whose behalf, and how.
    acting_for: Option<String>,
}

/// The token in use.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Token")]
struct TokenDocument {
    /// What it is called by in lists and commands.
    id: String,
    /// What it is for.
    label: String,
    /// What it may do at most.
    permissions: Vec<String>,
    /// Until when it works.
    #[schemars(extend("format" = "date-time"))]
    expires_at: String,
}

async fn account(call: Call) -> Result<Reply<Document>, Problem> {
    let Some(bearer) = &call.visit.visitor.bearer else {
        return Err(Problem::new(
            Kind::Unauthorized,
            words!("cần mã truy cập", "this needs a token"),
        ));
    };
    let name = &bearer.token.account;
    let found = call.store()?.find_account(name).await.or_broken(&call.app)?;
    let roles = bearer.actors.iter().map(|actor| RoleDocument {
        role: actor.role.code(),
        words: actor.role.words().into(),
        territory: actor.scope.territory.as_ref().map(ToString::to_string),
        sector: actor.scope.sector.map(hoptac_model::organisation::Sector::code),
        agency: actor.scope.agency.clone(),
        organisation: actor.scope.organisation.map(|id| id.to_string()),
        acting_for: actor
            .acting_for
            .as_ref()
            .map(|of| format!("{} {}", of.form.letters(), of.account)),
    });
    let shown = |at: Timestamp| at.to_string();
    Ok(Reply::new(Document {
        name: name.to_string(),
        title: found.map_or_else(String::new, |account| account.title),
        roles: roles.collect(),
        token: TokenDocument {
            id: bearer.token.id.clone(),
            label: bearer.token.label.clone(),
            permissions: bearer.token.permissions.split_whitespace().map(str::to_owned).collect(),
            expires_at: shown(bearer.token.expires_at),
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_and_secret_are_read_from_the_header() {
        let coded = STANDARD.encode("app-1:hoptac_secret_%61b");
        let want = Some(("app-1".to_owned(), "hoptac_secret_ab".to_owned()));
        assert_eq!(basic(&format!("Basic {coded}")), want);
        for broken in ["", "Basic", "Basic ộ", "Basic YQ==", &format!("Bearer {coded}")] {
            assert_eq!(basic(broken), None, "{broken}");
        }
    }
}
