//! The `OpenAPI` 3.1 description, made from the operations and from the types that are sent and read.

use hoptac_model::text::Language;
use hoptac_model::words;
use hoptac_office::token;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::operation::{Api, Described, Group, Operation};
use super::parameter::{self, Parameter};
use super::problem::{self, Kind, Problem};
use super::reply::Reply;
use crate::routes::Need;

const DOCUMENT: Operation = Operation {
    title: (
        "Bản mô tả OpenAPI 3.1 của giao diện này",
        "The OpenAPI 3.1 description of this interface",
    ),
    ..Operation::read("/openapi.json", "getDescription", Group::Access, Need::Nothing)
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(DOCUMENT, served)
}

async fn served(call: Call) -> Result<Reply<Value>, Problem> {
    Ok(Reply::new(describe(call.language)))
}

/// The description in a language.
pub(crate) fn describe(language: Language) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        "/components/schemas".clone_into(settings.definitions_path.to_mut());
    });
    let mut writer = Writer { generator: settings.into_generator(), language, chosen: Vec::new() };
    let mut paths: Map<String, Value> = Map::new();
    for described in super::interface().described {
        let operation = described.operation;
        let item = writer.operation(&described);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.to_lowercase(), item);
        }
    }
    writer.generator.subschema_for::<problem::Document>();
    let mut schemas = writer.generator.take_definitions(true);
    for name in &writer.chosen {
        // Whoever chooses fields is not sent the others.
        if let Some(schema) = schemas.get_mut(name).and_then(Value::as_object_mut) {
            schema.remove("required");
        }
    }
    let tags: Vec<Value> =
        Group::ALL.iter().map(|group| json!({ "name": tag(*group, language) })).collect();
    let permissions: Map<String, Value> = token::known()
        .into_iter()
        .map(|word| (word.clone(), Value::String(meaning(&word, language))))
        .collect();
    json!({
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "hoptac",
            "version": "1",
            "summary": said(language, ("Kinh tế tập thể của một tỉnh: sổ đăng ký, chỉ tiêu, hồ sơ", "A province's collective economy: register, figures, filings")),
            "description": said(language, (
                "Trong v1 không bỏ trường, không đổi nghĩa trường; có thể thêm trường, tham số và địa chỉ mới. Ngày là ngày dương \
                 lịch, tiền là số nguyên đồng. Câu báo lỗi theo Accept-Language (vi, en).",
                "Within v1 no field is taken away and none changes its meaning; fields, parameters and addresses may be added. Days \
                 are civil dates, money is whole đồng. Sentences come in the language of Accept-Language (vi, en)."
            )),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": super::ROOT }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": said(language, (
                        "Mã truy cập tạo ở trang tài khoản hoặc bằng `hoptac token create`.",
                        "A token made on the account's page or with `hoptac token create`."
                    )),
                },
                "client": {
                    "type": "oauth2",
                    "flows": { "clientCredentials": { "tokenUrl": format!("{}/token", super::ROOT), "scopes": permissions } },
                },
            },
        },
    })
}

fn said(language: Language, (vi, en): (&str, &str)) -> String {
    match language {
        Language::Vi => vi.to_owned(),
        Language::En => en.to_owned(),
    }
}

fn tag(group: Group, language: Language) -> String {
    said(language, group.title())
}

/// What a permission allows.
fn meaning(word: &str, language: Language) -> String {
    let all = words!(
        "mọi quyền `{word}` mà tài khoản có",
        "everything `{word}` that the account may",
        word
    );
    let one = words!("quyền `{word}`, nếu tài khoản có", "`{word}`, where the account may", word);
    let words = if word.ends_with(".*") { all } else { one };
    words.get(language).to_owned()
}

struct Writer {
    generator: SchemaGenerator,
    language: Language,
    /// The names of the schemas of which fields can be chosen.
    chosen: Vec<String>,
}

impl Writer {
    fn operation(&mut self, described: &Described) -> Value {
        let operation = &described.operation;
        let language = self.language;
        let fields =
            if operation.query.iter().any(|one| matches!(one.kind, parameter::Kind::Fields)) {
                (described.fields)()
            } else {
                Vec::new()
            };
        let parameters: Vec<Value> = operation
            .at
            .iter()
            .map(|one| (one, true))
            .chain(operation.query.iter().map(|one| (one, false)))
            .map(|(one, in_path)| self.parameter(one, in_path, &fields))
            .collect();
        let mut item = json!({
            "operationId": operation.id,
            "summary": said(language, operation.title),
            "tags": [tag(operation.group, language)],
            "responses": self.responses(described, !fields.is_empty()),
            "x-needs": operation.need.code(),
            "security": security(operation.need),
        });
        let Some(object) = item.as_object_mut() else { return item };
        let about = said(language, operation.about);
        if !about.is_empty() {
            object.insert("description".to_owned(), Value::String(about));
        }
        if !parameters.is_empty() {
            object.insert("parameters".to_owned(), Value::Array(parameters));
        }
        if let Some(body) = operation.body {
            let schema = (body.schema)(&mut self.generator);
            let content = json!({ (body.media): { "schema": schema } });
            object
                .insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
        }
        item
    }

    fn parameter(&self, parameter: &Parameter, in_path: bool, fields: &[String]) -> Value {
        let mut value = json!({
            "name": parameter.name,
            "in": if in_path { "path" } else { "query" },
            "required": in_path,
            "description": said(self.language, parameter.about),
            "schema": parameter.schema(fields),
        });
        if let (parameter::Kind::Fields, Some(object)) = (parameter.kind, value.as_object_mut()) {
            object.insert("style".to_owned(), json!("form"));
            object.insert("explode".to_owned(), json!(false));
        }
        value
    }

    fn responses(&mut self, described: &Described, chosen: bool) -> Value {
        let operation = &described.operation;
        let schema = (described.answer)(&mut self.generator).to_value();
        if chosen {
            self.may_be_chosen(&schema);
        }
        let done = said(self.language, ("Được.", "Done."));
        let mut responses = Map::new();
        let answer = if operation.status == 204 {
            json!({ "description": done })
        } else {
            let mut answer = json!({ "description": done, "content": { "application/json": { "schema": schema } } });
            if operation.is_read()
                && let Some(object) = answer.as_object_mut()
            {
                let tag = said(
                    self.language,
                    (
                        "Gửi lại ở If-None-Match để nhận 304 nếu chưa đổi.",
                        "Send it as If-None-Match to be told 304 where nothing has changed.",
                    ),
                );
                object.insert(
                    "headers".to_owned(),
                    json!({ "ETag": { "description": tag, "schema": { "type": "string" } } }),
                );
            }
            answer
        };
        if let (Some((status, vi, en)), Some(answer)) = (operation.or_status, answer.as_object()) {
            let mut answer = answer.clone();
            answer.insert("description".to_owned(), json!(said(self.language, (vi, en))));
            responses.insert(status.to_string(), Value::Object(answer));
        }
        responses.insert(operation.status.to_string(), answer);
        if operation.is_read() {
            let same = said(self.language, ("Chưa đổi.", "Not changed."));
            responses.insert("304".to_owned(), json!({ "description": same }));
        }
        for kind in problems(operation) {
            let media = if operation.path == "/token"
                && matches!(kind, Kind::BadRequest | Kind::Unauthorized)
            {
                vec!["application/json", problem::MEDIA]
            } else {
                vec![problem::MEDIA]
            };
            let content: Map<String, Value> = media
                .into_iter()
                .map(|media| {
                    (
                        media.to_owned(),
                        json!({ "schema": { "$ref": "#/components/schemas/Problem" } }),
                    )
                })
                .collect();
            let title = kind.title().get(self.language).to_owned();
            responses.insert(
                kind.status().as_str().to_owned(),
                json!({ "description": title, "content": content }),
            );
        }
        Value::Object(responses)
    }

    /// Notes the schema of what is listed, or of what is given where it is one thing.
    fn may_be_chosen(&mut self, schema: &Value) {
        let name = |schema: &Value| -> Option<String> {
            Some(schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")?.to_owned())
        };
        let Some(whole) = name(schema) else { return };
        let definitions = self.generator.definitions();
        let item =
            definitions.get(&whole).and_then(|whole| whole.pointer("/properties/items/items"));
        let item = item.and_then(name);
        self.chosen.push(item.unwrap_or(whole));
    }
}

/// The kinds of problems with which an operation may answer.
fn problems(operation: &Operation) -> Vec<Kind> {
    let mut kinds = vec![
        Kind::BadRequest,
        Kind::Unauthorized,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::TooMany,
        Kind::Broken,
        Kind::Unavailable,
    ];
    if operation.body.is_some() {
        kinds.extend([Kind::TooSlow, Kind::Conflict, Kind::TooLarge, Kind::Media, Kind::Invalid]);
    }
    kinds
}

/// What has to be brought: nothing, a token where something is not open, a token.
fn security(need: Need) -> Value {
    let one_of = json!([{ "token": [] }, { "client": [] }]);
    match need {
        Need::Nothing => json!([]),
        Need::Read(hoptac_office::authority::Reading::Progress) => {
            json!([{}, { "token": [] }, { "client": [] }])
        }
        Need::Read(_) | Need::File(_) | Need::Account => one_of,
    }
}
