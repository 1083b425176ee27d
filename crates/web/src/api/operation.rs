//! Operations: what an address of the interface does, what it takes and what it gives. Serving and describing come from the
//! same declaration, so that the description cannot say something else than what is served.

use std::future::Future;
use std::sync::Arc;

use axum::extract::{RawPathParams, Request};
use axum::response::Response;
use hoptac_model::words;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;

use super::call::{self, Call};
use super::parameter::Parameter;
use super::problem::{self, Problem};
use super::reply::{Ready, Reply};
use crate::door::Visit;
use crate::routes::{Need, Routes};

/// What an address does for one method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    /// Below [`super::ROOT`], parameters in braces.
    pub(crate) path: &'static str,
    /// The name in the description, as `listOrganisations`.
    pub(crate) id: &'static str,
    pub(crate) group: Group,
    pub(crate) need: Need,
    /// What it does, in Vietnamese and in English.
    pub(crate) title: (&'static str, &'static str),
    /// What should be known besides.
    pub(crate) about: (&'static str, &'static str),
    /// The parameters in the path.
    pub(crate) at: &'static [Parameter],
    /// The parameters behind the question mark.
    pub(crate) query: &'static [Parameter],
    pub(crate) body: Option<Body>,
    /// The status of the answer when all is well.
    pub(crate) status: u16,
    /// Whether everybody who may ask gets the same: it depends on the question, the state and the day alone.
    pub(crate) is_same_for_all: bool,
    /// Another status with which all is well, and when it is sent.
    pub(crate) or_status: Option<(u16, &'static str, &'static str)>,
}

/// What an operation takes as its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    pub(crate) media: &'static str,
    /// The largest, in bytes.
    pub(crate) most: usize,
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
}

/// Under which heading an operation is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Plan,
    Figures,
    Register,
    Places,
    Filings,
    Reports,
    Access,
}

impl Group {
    pub(crate) const ALL: [Self; 7] = [
        Self::Plan,
        Self::Figures,
        Self::Register,
        Self::Places,
        Self::Filings,
        Self::Reports,
        Self::Access,
    ];

    pub(crate) fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Plan => ("Kế hoạch", "Plan"),
            Self::Figures => ("Số liệu", "Figures"),
            Self::Register => ("Sổ đăng ký", "Register"),
            Self::Places => ("Đơn vị hành chính", "Units"),
            Self::Filings => ("Hồ sơ", "Filings"),
            Self::Reports => ("Báo cáo, ấn bản", "Reports and editions"),
            Self::Access => ("Truy cập", "Access"),
        }
    }
}

impl Operation {
    /// Something to be read.
    pub(crate) const fn read(
        path: &'static str,
        id: &'static str,
        group: Group,
        need: Need,
    ) -> Self {
        Self {
            method: "GET",
            path,
            id,
            group,
            need,
            title: ("", ""),
            about: ("", ""),
            at: &[],
            query: &[],
            body: None,
            status: 200,
            is_same_for_all: false,
            or_status: None,
        }
    }

    /// Whether an answer may be asked for again by its tag.
    pub(crate) fn is_read(&self) -> bool {
        self.method == "GET"
    }
}

/// An operation with the schema of what it gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described {
    pub(crate) operation: Operation,
    /// The schema of the answer; none where it has no body.
    pub(crate) answer: fn(&mut SchemaGenerator) -> Schema,
    /// The names of the fields that can be chosen.
    pub(crate) fields: fn() -> Vec<String>,
}

/// The interface as it is put together.
pub(crate) struct Api {
    pub(crate) routes: Routes,
    pub(crate) described: Vec<Described>,
}

impl Api {
    pub(crate) fn new() -> Self {
        Self { routes: Routes::new(), described: Vec::new() }
    }

    /// An operation with the function that answers it.
    pub(crate) fn add<T, F, Fut>(mut self, operation: Operation, handler: F) -> Self
    where
        T: Serialize + JsonSchema + 'static,
        F: Fn(Call) -> Fut + Copy + Send + Sync + 'static,
        Fut: Future<Output = Result<Reply<T>, Problem>> + Send + 'static,
    {
        self.described.push(Described {
            operation,
            answer: SchemaGenerator::subschema_for::<T>,
            fields: fields::<T>,
        });
        let path = super::absolute(operation.path);
        self.routes = self.routes.api(
            operation.method,
            path,
            operation.need,
            move |visit: Visit, at: RawPathParams, request: Request| {
                let at =
                    at.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                serve(operation, visit, at, request, handler)
            },
        );
        self
    }
}

/// Answers a request.
async fn serve<T, F, Fut>(
    operation: Operation,
    visit: Visit,
    at: Vec<(String, String)>,
    request: Request,
    handler: F,
) -> Response
where
    T: Serialize + JsonSchema + 'static,
    F: Fn(Call) -> Fut,
    Fut: Future<Output = Result<Reply<T>, Problem>>,
{
    let language = call::language(request.headers());
    let path = request.uri().path().to_owned();
    let seen = call::tags(request.headers());
    let answered = async {
        admit(operation.need, &visit)?;
        let call = Call::read(operation, visit, at, request, &fields::<T>).await?;
        let chosen = call.chosen_fields();
        let app = call.app.clone();
        let shelf = call.shelf();
        if let Some((published, question)) = &shelf
            && let Some(answer) = published.answers.find(question)
        {
            return Ok::<_, Problem>(Ready::of(answer));
        }
        let reply = handler(call).await?;
        let mut ready =
            reply.body(chosen.as_deref()).map_err(|error| Problem::broken(&app, &error))?;
        if let Some((published, question)) = shelf
            && let Some(answer) = ready.keep()
        {
            published.answers.keep(question, answer);
        }
        Ok(ready)
    };
    match answered.await {
        Ok(body) => body.answer(operation.is_read(), &seen, language),
        Err(problem) => problem.answer(language, &path),
    }
}

/// Lets through who has what is needed.
pub(crate) fn admit(need: Need, visit: &Visit) -> Result<(), Problem> {
    let visitor: &Arc<_> = &visit.visitor;
    if visitor.has(need) {
        return Ok(());
    }
    let code = need.code();
    let roles: Vec<_> = need.roles().map(hoptac_office::Role::words).collect();
    let joined = |of: fn(&hoptac_model::text::Words) -> &String| {
        roles.iter().map(|words| of(words).as_str()).collect::<Vec<_>>().join(", ")
    };
    let roles =
        hoptac_model::text::Words::new(joined(|words| &words.vi), joined(|words| &words.en));
    if visitor.bearer.is_none() {
        return Err(Problem::new(
            problem::Kind::Unauthorized,
            words!(
                "cần mã truy cập có quyền `{code}` của một tài khoản có vai trò: {roles}; gửi ở đầu mục Authorization: Bearer …",
                "this needs a token with the permission `{code}` of an account that is: {roles}; send it as Authorization: Bearer …",
                code,
                roles
            ),
        ));
    }
    Err(Problem::new(
        problem::Kind::Forbidden,
        words!(
            "cần quyền `{code}`: mã truy cập phải có quyền này, và tài khoản phải có một trong các vai trò: {roles}",
            "this needs `{code}`: the token must have the permission, and its account must be one of: {roles}",
            code,
            roles
        ),
    ))
}

/// The names of the fields of what an operation lists, or of what it gives where it gives one thing.
fn fields<T: JsonSchema>() -> Vec<String> {
    let root = SchemaGenerator::default().into_root_schema_for::<T>().to_value();
    let resolved = |schema: &Value| -> Value {
        let name =
            schema.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix("#/$defs/"));
        name.and_then(|name| root.get("$defs")?.get(name))
            .cloned()
            .unwrap_or_else(|| schema.clone())
    };
    let whole = resolved(&root);
    let item = whole.pointer("/properties/items/items").map_or_else(|| whole.clone(), resolved);
    let properties = item.get("properties").and_then(Value::as_object);
    properties.map_or_else(Vec::new, |properties| properties.keys().cloned().collect())
}
