//! The table of routes: every address with what a visitor needs to use it. A route is served only by being in the table, and
//! the table is a golden file (`tests/routes.snap`).

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{delete, get, post};
use hoptac_model::filing::FilingKind;
use hoptac_office::Role;
use hoptac_office::authority::{self, Reading};

use crate::app::App;
use crate::error::PageError;
use crate::query::Ask;
use crate::{door, entrance};

/// What a visitor needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the page is everybody's.
    Nothing,
    /// A role that may read it.
    Read(Reading),
    /// A role that may file it.
    File(FilingKind),
    /// An account, whatever its roles.
    Account,
}

impl Need {
    /// Whether a role has it. The public is whoever is not signed in.
    pub fn is_met_by(self, role: Role) -> bool {
        match self {
            Self::Nothing => true,
            Self::Read(reading) => authority::may_read(role, reading),
            Self::File(kind) => authority::may(role, kind),
            Self::Account => role != Role::Public,
        }
    }

    /// The word in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Read(reading) => reading.code(),
            Self::File(kind) => kind.code(),
            Self::Account => "account",
        }
    }

    /// The roles that have it.
    pub(crate) fn roles(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.is_met_by(*role))
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The address, parameters in braces.
    pub path: &'static str,
    /// What a visitor needs.
    pub need: Need,
}

/// Routes as they are put together.
pub(crate) struct Routes {
    router: Router<App>,
    table: Vec<Route>,
}

impl Routes {
    pub(crate) fn new() -> Self {
        Self { router: Router::new(), table: Vec::new() }
    }

    /// An address that shows something.
    pub(crate) fn get<H, T>(mut self, path: &'static str, need: Need, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.table.push(Route { method: "GET", path, need });
        let guarded = get(handler)
            .layer(middleware::from_fn(move |ask, request, next| guard(need, ask, request, next)));
        self.router = self.router.route(path, guarded);
        self
    }

    /// An address that takes a form.
    pub(crate) fn post<H, T>(mut self, path: &'static str, need: Need, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.table.push(Route { method: "POST", path, need });
        let guarded = post(handler)
            .layer(middleware::from_fn(move |ask, request, next| guard(need, ask, request, next)));
        self.router = self.router.route(path, guarded);
        self
    }

    /// An address of the interface for programs. What it needs is asked by itself, because it answers in another form.
    pub(crate) fn api<H, T>(
        mut self,
        method: &'static str,
        path: &'static str,
        need: Need,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.table.push(Route { method, path, need });
        let served = match method {
            "POST" => post(handler),
            "DELETE" => delete(handler),
            _ => get(handler),
        };
        self.router = self.router.route(path, served);
        self
    }

    /// These routes and others.
    pub(crate) fn with(mut self, others: Self) -> Self {
        self.router = self.router.merge(others.router);
        self.table.extend(others.table);
        self
    }

    /// The router and its table.
    pub(crate) fn into_parts(self) -> (Router<App>, Vec<Route>) {
        (self.router, self.table)
    }
}

/// Lets a visitor through who has what the route needs. Others are told how to sign in, or who may.
async fn guard(need: Need, visit: door::Visit, request: Request, next: Next) -> Response {
    let visitor = &visit.visitor;
    if visitor.has(need) {
        return next.run(request).await;
    }
    let ask = Ask::asked(&request);
    if visitor.has_only_the_public_side() && request.uri().path() == "/" {
        return Redirect::to(&ask.of_the_newest().to("/cong-khai", &[])).into_response();
    }
    if visitor.signed_in.is_none() {
        return entrance::sign_in_first(&visit.app, ask, request.method());
    }
    PageError::forbidden(&visit.app, ask, need).into_response()
}
