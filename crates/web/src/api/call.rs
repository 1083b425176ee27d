//! A request, read: parameters checked by their declarations, the body taken in whole and strictly.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, header};
use hoptac_model::finding::Finding;
use hoptac_model::text::{Language, Words, did_you_mean, few, nearest};
use hoptac_model::words;
use hoptac_office::key::Key;
use hoptac_store::Store;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::operation::{Body, Operation};
use super::parameter::{self, Parameter};
use super::problem::{Kind, Problem};
use super::strict;
use crate::app::{App, Published};
use crate::door::Visit;
use crate::query;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_mins(1);
/// The longest address that is read.
const QUERY_MAX: usize = 4096;

/// What a request asks.
pub(crate) struct Call {
    pub(crate) app: App,
    pub(crate) visit: Visit,
    pub(crate) language: Language,
    pub(crate) operation: Operation,
    pub(crate) headers: HeaderMap,
    at: Vec<(String, String)>,
    query: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Call {
    /// Reads a request. Everything that is wrong with its parameters is said at once.
    pub(crate) async fn read(
        operation: Operation,
        visit: Visit,
        at: Vec<(String, String)>,
        request: Request,
        fields: &(dyn Fn() -> Vec<String> + Sync),
    ) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let written = parts.uri.query().unwrap_or_default();
        if written.len() > QUERY_MAX {
            return Err(Problem::new(
                Kind::BadRequest,
                words!(
                    "phần sau dấu hỏi dài quá {most} byte",
                    "there are more than {most} bytes behind the question mark",
                    most = QUERY_MAX
                ),
            ));
        }
        let query = query::pairs(written);
        let mut findings = Vec::new();
        for parameter in operation.at {
            let value =
                at.iter().find(|(name, _)| name == parameter.name).map_or("", |(_, value)| value);
            hold(parameter, value, &fields, &mut findings);
        }
        for (index, (name, value)) in query.iter().enumerate() {
            let Some(parameter) = operation.query.iter().find(|known| known.name == name) else {
                findings.push(unknown(&operation, name));
                continue;
            };
            if query.iter().take(index).any(|(earlier, _)| earlier == name) {
                findings.push(wrong(
                    name,
                    words!(
                        "tham số `{name}` xuất hiện hai lần",
                        "the parameter `{name}` comes twice",
                        name = name.as_str()
                    ),
                ));
                continue;
            }
            hold(parameter, value, &fields, &mut findings);
        }
        if !findings.is_empty() {
            return Err(Problem::of(Kind::BadRequest, findings));
        }
        let bytes = match operation.body {
            None => Bytes::new(),
            Some(wanted) => take(&parts.headers, body, wanted).await?,
        };
        Ok(Self {
            app: visit.app.clone(),
            language: language(&parts.headers),
            visit,
            operation,
            headers: parts.headers,
            at,
            query,
            body: bytes,
        })
    }

    /// The value of a parameter behind the question mark.
    pub(crate) fn text(&self, parameter: &Parameter) -> Option<&str> {
        debug_assert!(
            self.operation.query.iter().any(|known| known.name == parameter.name),
            "{} is no parameter of {}",
            parameter.name,
            self.operation.id
        );
        self.query.iter().find(|(name, _)| name == parameter.name).map(|(_, value)| value.as_str())
    }

    /// The day that a parameter asks.
    pub(crate) fn day(&self, parameter: &Parameter) -> Option<Date> {
        self.text(parameter).and_then(parameter::day)
    }

    /// The whole number that a parameter asks.
    pub(crate) fn whole(&self, parameter: &Parameter) -> Option<i64> {
        self.text(parameter).and_then(parameter::whole)
    }

    /// Whether a flag is set.
    pub(crate) fn flag(&self, parameter: &Parameter) -> bool {
        self.text(parameter) == Some("true")
    }

    /// The value of a parameter in the path.
    pub(crate) fn at(&self, name: &str) -> &str {
        self.at.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The fields that are wanted of each item; none where all are.
    pub(crate) fn chosen_fields(&self) -> Option<Vec<String>> {
        let name = parameter::FIELDS.name;
        let (_, value) = self.query.iter().find(|(known, _)| known == name)?;
        Some(value.split(',').map(str::to_owned).collect())
    }

    /// The address without its cursor: what a cursor belongs to.
    pub(crate) fn question(&self) -> String {
        let kept = self.query.iter().filter(|(name, _)| name != parameter::CURSOR.name);
        let mut kept: Vec<String> = kept.map(|(name, value)| format!("{name}={value}")).collect();
        kept.sort_unstable();
        let path = self.at.iter().fold(self.operation.path.to_owned(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), value)
        });
        format!("{path}?{}", kept.join("&"))
    }

    /// The state beside which the answer is kept, and under which question; none where it is for the caller alone, or goes
    /// on where another left off, or is of a state that was known earlier.
    pub(crate) fn shelf(&self) -> Option<(Arc<Published>, String)> {
        let is_apart = |(name, _): &(String, String)| {
            name == parameter::CURSOR.name || name == parameter::KNOWN_ON.name
        };
        if !self.operation.is_same_for_all || self.query.iter().any(is_apart) {
            return None;
        }
        // Another midnight, another answer.
        let question = format!("{} {}", self.app.today(), self.question());
        Some((self.app.published(), question))
    }

    /// The body as an object.
    pub(crate) fn object(&self) -> Result<serde_json::Map<String, Value>, Problem> {
        match strict::read(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => {
                let finding =
                    Finding::field("body.object", "body", strict::no_object(), Words::default());
                Err(Problem::of(Kind::Invalid, vec![finding]))
            }
            Err(finding) => Err(Problem::of(Kind::BadRequest, vec![*finding])),
        }
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The time now.
    pub(crate) fn now(&self) -> Timestamp {
        (self.app.edge().now)()
    }

    /// The store, or the problem that there is none here.
    pub(crate) fn store(&self) -> Result<&Store, Problem> {
        self.app.store().ok_or_else(|| {
            Problem::new(
                Kind::Unavailable,
                words!("bản xem trước này không có sổ cái", "this preview has no ledger"),
            )
        })
    }

    /// The instance's key. A preview, where everything is open, has none.
    pub(crate) fn key(&self) -> Key {
        self.app.entrance().map_or_else(|| Key::new([0; 32]), |entrance| entrance.key.clone())
    }
}

/// Holds a value against its parameter.
fn hold(
    parameter: &Parameter,
    value: &str,
    fields: &(dyn Fn() -> Vec<String> + Sync),
    findings: &mut Vec<Finding>,
) {
    if let Err(message) = parameter.check(value, &|| fields()) {
        findings.push(wrong(parameter.name, message));
    }
}

fn wrong(name: &str, message: Words) -> Finding {
    Finding::field("request.parameter", name, message, Words::default())
}

fn unknown(operation: &Operation, name: &str) -> Finding {
    let known = operation.query.iter().map(|parameter| parameter.name);
    let remedy = nearest(name, known.clone()).map_or_else(
        || {
            let known: Vec<&str> = known.collect();
            if known.is_empty() {
                words!("địa chỉ này không nhận tham số nào", "the address takes no parameters")
            } else {
                words!("các tham số là {all}", "the parameters are {all}", all = known.join(", "))
            }
        },
        did_you_mean,
    );
    let shown = few(name);
    Finding::field(
        "request.unknown-parameter",
        shown.as_str(),
        words!(
            "không có tham số `{shown}`; {remedy}",
            "there is no parameter `{shown}`; {remedy}",
            shown = shown.as_str(),
            remedy
        ),
        Words::default(),
    )
}

/// Takes a body in: of the right kind, whole, in time, not too large.
async fn take(headers: &HeaderMap, body: axum::body::Body, wanted: Body) -> Result<Bytes, Problem> {
    let media =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let media = media.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if media != wanted.media {
        return Err(Problem::new(
            Kind::Media,
            words!(
                "địa chỉ này nhận Content-Type: {wanted}",
                "this address takes Content-Type: {wanted}",
                wanted = wanted.media
            ),
        ));
    }
    let large = || {
        Problem::new(
            Kind::TooLarge,
            words!(
                "nội dung tối đa {most} byte",
                "the body may have {most} bytes",
                most = wanted.most
            ),
        )
    };
    let told = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if told.and_then(|told| told.parse::<usize>().ok()).is_some_and(|told| told > wanted.most) {
        return Err(large());
    }
    match tokio::time::timeout(BODY_TIME, to_bytes(body, wanted.most)).await {
        Err(_) => Err(Problem::new(
            Kind::TooSlow,
            words!(
                "nội dung không tới đủ trong một phút",
                "the body did not arrive within a minute"
            ),
        )),
        Ok(Err(_)) => Err(large()),
        Ok(Ok(bytes)) => Ok(bytes),
    }
}

/// The language of an answer: the one that is accepted with the greater weight; Vietnamese where both are or none.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let accepted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let weight = |tag: &str| {
        let weights = accepted.split(',').filter_map(|part| {
            let (range, rest) = part.split_once(';').unwrap_or((part, ""));
            let range = range.trim().to_ascii_lowercase();
            let fits = range == tag || range.starts_with(&format!("{tag}-"));
            let weight =
                rest.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
            weight.filter(|_| fits)
        });
        weights.fold(0.0, f32::max)
    };
    if weight("en") > weight("vi") { Language::En } else { Language::Vi }
}

/// The tags of answers that the caller has.
pub(crate) fn tags(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    let texts = values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    texts.map(|tag| tag.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[track_caller]
    fn check(accepted: &'static str, want: Language) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
        assert_eq!(language(&headers), want, "{accepted}");
    }

    #[test]
    fn the_language_with_the_greater_weight_is_taken() {
        check("en", Language::En);
        check("en-GB, vi;q=0.5", Language::En);
        check("vi-VN, en;q=0.9", Language::Vi);
        check("en;q=0.8, vi;q=0.9", Language::Vi);
        check("fr, *;q=0.5", Language::Vi);
        check("en;q=nan, ;;,", Language::Vi);
        assert_eq!(language(&HeaderMap::new()), Language::Vi);
    }
}
