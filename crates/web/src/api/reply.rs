//! Answers: JSON with the tag by which the same answer need not be sent twice, lists page by page.

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hoptac_model::filing::Hash;
use hoptac_model::text::Language;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::answers::Answer;
use super::call::Call;
use super::cursor::Cursor;
use super::parameter::{CURSOR, LIMIT, TOTAL};
use super::problem::{Kind, Problem};

/// How many items a page has where nobody says.
const USUAL: usize = 50;

/// An answer with a body of a type.
pub(crate) struct Reply<T> {
    status: StatusCode,
    value: T,
    headers: Vec<(HeaderName, String)>,
    /// Whether there is nothing in it that is good for a while only.
    lasts: bool,
}

impl<T: Serialize> Reply<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { status: StatusCode::OK, value, headers: Vec::new(), lasts: true }
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(crate) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The body as bytes, with only the fields that were chosen.
    pub(crate) fn body(self, chosen: Option<&[String]>) -> Result<Ready, serde_json::Error> {
        let mut bytes = match chosen {
            None => serde_json::to_vec(&self.value)?,
            Some(chosen) => {
                let mut value = serde_json::to_value(&self.value)?;
                choose(&mut value, chosen);
                serde_json::to_vec(&value)?
            }
        };
        if bytes == b"null" {
            bytes.clear();
        }
        let lasts = self.lasts && self.status == StatusCode::OK && self.headers.is_empty();
        Ok(Ready {
            status: self.status,
            bytes: bytes.into(),
            headers: self.headers,
            tag: None,
            lasts,
        })
    }
}

/// Keeps the chosen fields of the items of a list, or of the one thing that there is.
fn choose(value: &mut Value, chosen: &[String]) {
    let keep = |object: &mut Value| {
        if let Some(object) = object.as_object_mut() {
            object.retain(|name, _| chosen.contains(name));
        }
    };
    match value.get_mut("items").and_then(Value::as_array_mut) {
        Some(items) => items.iter_mut().for_each(keep),
        None => keep(value),
    }
}

/// An answer that only needs to be sent.
pub(crate) struct Ready {
    status: StatusCode,
    bytes: Bytes,
    headers: Vec<(HeaderName, String)>,
    /// Where it was worked out before.
    tag: Option<String>,
    lasts: bool,
}

impl Ready {
    /// An answer that was kept.
    pub(crate) fn of(answer: Answer) -> Self {
        let Answer { bytes, tag } = answer;
        Self { status: StatusCode::OK, bytes, headers: Vec::new(), tag: Some(tag), lasts: true }
    }

    /// The same to be kept; none where it may not be.
    pub(crate) fn keep(&mut self) -> Option<Answer> {
        let tag = self.lasts.then(|| tag(&self.bytes))?;
        self.tag = Some(tag.clone());
        Some(Answer { bytes: self.bytes.clone(), tag })
    }

    /// The response; without its body where the caller has it already.
    pub(crate) fn answer(self, may_be_kept: bool, seen: &[String], language: Language) -> Response {
        let tag = self.tag.unwrap_or_else(|| tag(&self.bytes));
        let is_known = may_be_kept && seen.iter().any(|one| *one == tag || one == "*");
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            (self.status, self.bytes).into_response()
        };
        let status = response.status();
        let headers = response.headers_mut();
        if status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        } else {
            headers.remove(header::CONTENT_TYPE);
        }
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language, authorization"));
        if may_be_kept {
            headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        } else {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        for (name, value) in self.headers {
            headers.extend(HeaderValue::from_str(&value).ok().map(|value| (name, value)));
        }
        response
    }
}

/// The tag of a body. The bytes on the line may be compressed, so that it is a weak one.
fn tag(bytes: &[u8]) -> String {
    let tag: String = Hash::of(bytes).to_string().chars().take(32).collect();
    format!("W/\"{tag}\"")
}

/// One page of a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{I}List")]
pub(crate) struct Listing<I> {
    /// The items of this page.
    items: Vec<I>,
    /// Where the next page begins: send it as `cursor`. Null on the last page.
    next_cursor: Option<String>,
    /// How many items there are on all pages, where `total=true` was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    /// The ledger position of the state that is listed, the same on all pages.
    ledger_position: u64,
}

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The ledger position of the first page; none on the first page.
    pub(crate) position: Option<u64>,
    start: usize,
    pub(crate) limit: usize,
    begun: i64,
}

impl Part {
    /// Reads limit and cursor.
    pub(crate) fn of(call: &Call) -> Result<Self, Problem> {
        let limit =
            call.whole(&LIMIT).and_then(|limit| usize::try_from(limit).ok()).unwrap_or(USUAL);
        let now = call.now();
        let Some(text) = call.text(&CURSOR) else {
            return Ok(Self { position: None, start: 0, limit, begun: now.as_second() });
        };
        let cursor = Cursor::read(text, &call.key(), &call.question(), now)
            .map_err(|sentence| Problem::new(Kind::Cursor, sentence))?;
        let start = usize::try_from(cursor.start).unwrap_or(usize::MAX);
        Ok(Self { position: Some(cursor.position), start, limit, begun: cursor.begun })
    }

    /// The page of a list that was derived from a ledger position; `draw` makes an item of each that is on it.
    pub(crate) fn page<A, I: Serialize>(
        self,
        call: &Call,
        all: &[A],
        position: u64,
        draw: impl FnMut(&A) -> I,
    ) -> Reply<Listing<I>> {
        let end = self.start.saturating_add(self.limit).min(all.len());
        let items =
            all.get(self.start.min(end)..end).unwrap_or_default().iter().map(draw).collect();
        let next_cursor = (end < all.len()).then(|| {
            let start = u64::try_from(end).unwrap_or(u64::MAX);
            let cursor = Cursor { position, start, begun: self.begun };
            cursor.write(&call.key(), &call.question())
        });
        let total = call.flag(&TOTAL).then(|| u64::try_from(all.len()).unwrap_or(u64::MAX));
        let lasts = next_cursor.is_none();
        let listing = Listing { items, next_cursor, total, ledger_position: position };
        Reply { lasts, ..Reply::new(listing) }
    }

    /// What the page before ended with, in lists whose cursors say so.
    pub(crate) fn last(self) -> Option<u64> {
        self.position.and_then(|_| u64::try_from(self.start).ok())
    }

    /// The page of a list that is not known as a whole; `last` is what it ends with where more comes behind it.
    pub(crate) fn open<I: Serialize>(
        self,
        call: &Call,
        items: Vec<I>,
        position: u64,
        last: Option<u64>,
    ) -> Reply<Listing<I>> {
        let next_cursor = last.map(|start| {
            Cursor { position, start, begun: self.begun }.write(&call.key(), &call.question())
        });
        Reply::new(Listing { items, next_cursor, total: None, ledger_position: position })
    }
}
