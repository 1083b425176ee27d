//! What goes wrong, as programs and people read it: `application/problem+json` [RFC 9457] with the sentences that the forms
//! say, in the language that was asked for.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use hoptac_office::Refusal;
use hoptac_store::Error;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::error;

/// The media type of a problem.
pub(crate) const MEDIA: &str = "application/problem+json";

/// What went wrong.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: Kind,
    particulars: Box<Particulars>,
}

/// What is said of a problem.
#[derive(Debug)]
struct Particulars {
    detail: Words,
    findings: Vec<Finding>,
    reference: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The word by which clients of OAuth 2.0 tell it.
    oauth: Option<&'static str>,
}

/// The kinds of problems. The word stands at the end of a problem's `type`, and the reader's page says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something in the address or a header cannot be read.
    BadRequest,
    /// A cursor is not ours, of another question, or too old.
    Cursor,
    /// No token, or one that lets nobody in.
    Unauthorized,
    /// The token or its owner may not do this.
    Forbidden,
    /// There is nothing there, or nothing that the caller may see.
    NotFound,
    /// The address does not take this method.
    Method,
    /// Somebody filed in between, or the key was used for something else.
    Conflict,
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// It is not sent in the form that was asked for.
    NotAcceptable,
    /// The body is of a kind that is not read.
    Media,
    /// The body says something that cannot be accepted.
    Invalid,
    /// Too many requests.
    TooMany,
    /// Something failed that the caller cannot mend.
    Broken,
    /// It is not possible at this instance, or not yet.
    Unavailable,
}

impl Kind {
    pub(crate) const ALL: [Self; 15] = [
        Self::BadRequest,
        Self::Cursor,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Method,
        Self::Conflict,
        Self::TooLarge,
        Self::TooSlow,
        Self::NotAcceptable,
        Self::Media,
        Self::Invalid,
        Self::TooMany,
        Self::Broken,
        Self::Unavailable,
    ];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "bad-request",
            Self::Cursor => "cursor",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::Conflict => "conflict",
            Self::TooLarge => "too-large",
            Self::TooSlow => "too-slow",
            Self::NotAcceptable => "not-acceptable",
            Self::Media => "media",
            Self::Invalid => "invalid",
            Self::TooMany => "too-many",
            Self::Broken => "broken",
            Self::Unavailable => "unavailable",
        }
    }

    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::BadRequest | Self::Cursor => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Media => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What it is called, the same for every problem of the kind.
    pub(crate) fn title(self) -> Words {
        let (vi, en) = match self {
            Self::BadRequest => ("Yêu cầu không đọc được", "The request cannot be read"),
            Self::Cursor => ("Con trỏ trang không dùng được", "The cursor is no good"),
            Self::Unauthorized => ("Cần mã truy cập", "A token is needed"),
            Self::Forbidden => ("Không được phép", "Not allowed"),
            Self::NotFound => ("Không có ở đây", "Not here"),
            Self::Method => {
                ("Địa chỉ này không nhận phương thức này", "The address does not take this method")
            }
            Self::Conflict => ("Đã thay đổi trong lúc đó", "It has changed meanwhile"),
            Self::TooLarge => ("Nội dung quá lớn", "The body is too large"),
            Self::TooSlow => ("Nội dung gửi quá chậm", "The body was too slow"),
            Self::NotAcceptable => {
                ("Không có ở dạng được yêu cầu", "Not to be had in the form asked for")
            }
            Self::Media => ("Không đọc được loại nội dung này", "Such a body is not read"),
            Self::Invalid => ("Nội dung chưa được chấp nhận", "The body is not accepted"),
            Self::TooMany => ("Quá nhiều yêu cầu", "Too many requests"),
            Self::Broken => ("Máy chủ gặp lỗi", "Something failed here"),
            Self::Unavailable => ("Chưa thực hiện được ở đây", "Not possible here yet"),
        };
        Words::new(vi, en)
    }
}

/// A problem as it is sent.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct Document {
    /// The kind of problem, as an address where it is explained.
    #[serde(rename = "type")]
    kind: String,
    /// What the kind is called.
    title: String,
    /// The status, as in the answer's first line.
    #[schemars(range(min = 400, max = 599))]
    status: u16,
    /// What is wrong, where, and what to do.
    detail: String,
    /// The path that was asked.
    instance: String,
    /// Everything that is wrong, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FindingDocument>,
    /// Where tokens are given: the word of RFC 6749.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    /// Where tokens are given: the same as `detail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
    /// The word under which the log of the server has the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

/// One thing that is wrong or doubtful.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(crate) struct FindingDocument {
    /// How much it matters; only an error keeps something from being accepted.
    #[schemars(extend("enum" = ["error", "warning", "note"]))]
    severity: &'static str,
    /// A short stable code, as `organisation.unknown`, with the name of the rule where a rule of the plan found it.
    code: String,
    /// Which field, as a path: `body.members`; which parameter of the address: `as_of`.
    field: String,
    /// What is wrong.
    message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    remedy: String,
    /// The line of the file or body, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The column in the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

impl FindingDocument {
    pub(crate) fn new(finding: &Finding, language: Language) -> Self {
        Self {
            severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            code: finding.name(),
            field: finding.field.clone(),
            message: finding.message.get(language).to_owned(),
            remedy: finding.remedy.get(language).to_owned(),
            line: finding.place.as_ref().map(|place| place.line),
            column: finding.place.as_ref().map(|place| place.column),
        }
    }
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: Words) -> Self {
        let (findings, headers) = (Vec::new(), Vec::new());
        let particulars = Particulars { detail, findings, reference: None, headers, oauth: None };
        Self { kind, particulars: Box::new(particulars) }
    }

    /// Several things at once, each with its field.
    pub(crate) fn of(kind: Kind, findings: Vec<Finding>) -> Self {
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        let detail = match (errors, findings.iter().find(|finding| finding.is_error())) {
            (1, Some(only)) => only.message.clone(),
            (count, _) => {
                words!("{count} điểm cần sửa", "{count} things need to be put right", count)
            }
        };
        Self::new(kind, detail).with_findings(findings)
    }

    /// Something that is named but is not there.
    pub(crate) fn not_found(detail: Words) -> Self {
        Self::new(Kind::NotFound, detail)
    }

    /// Something failed that the caller cannot mend. The log has the cause under the reference; the answer says no more.
    /// Where another only holds the database, it says so, and when to try again; so it does where the disk is full.
    pub(crate) fn broken(app: &App, error: &(dyn std::error::Error + 'static)) -> Self {
        if error::is_busy(error) {
            tracing::warn!(error = %error::chain(error), "answering a program");
            return Self::new(Kind::Unavailable, Error::Busy.words())
                .with(header::RETRY_AFTER, "2");
        }
        let reference = app.reference();
        tracing::error!(%reference, error = %error::chain(error), "answering a program");
        let (kind, detail) = if error::is_full(error) {
            let detail = words!(
                "ổ đĩa của máy chủ đã đầy, chưa có gì được lưu; hãy báo mã `{reference}` cho người vận hành, rồi gửi lại khi đã có chỗ",
                "the disk of the server is full, and nothing was saved; tell the operator the reference `{reference}`, and send it again once there is room",
                reference = &*reference
            );
            (Kind::Unavailable, detail)
        } else {
            let detail = words!(
                "máy chủ không trả lời được; hãy thử lại, và báo mã `{reference}` cho người vận hành",
                "the server could not answer; try again, and tell the operator the reference `{reference}`",
                reference = &*reference
            );
            (Kind::Broken, detail)
        };
        let mut problem = Self::new(kind, detail);
        problem.particulars.reference = Some(reference);
        problem
    }

    /// A filing that was refused.
    pub(crate) fn refused(app: &App, refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(findings) => Self::of(Kind::Invalid, findings),
            Refusal::NotAllowed { .. } | Refusal::OutOfScope { .. } => {
                Self::new(Kind::Forbidden, refusal.sentence())
            }
            Refusal::KeyTaken { .. } | Refusal::Changed { .. } => {
                Self::new(Kind::Conflict, refusal.sentence())
            }
            Refusal::RecordedBack { .. } | Refusal::MasterKey => {
                Self::new(Kind::Unavailable, refusal.sentence())
            }
            Refusal::InLot { ref refusal, .. } => {
                let findings = refusal.findings().to_vec();
                Self::new(Kind::Invalid, refusal.sentence()).with_findings(findings)
            }
            Refusal::Store(error) => Self::broken(app, &error),
        }
    }

    /// The same, where tokens are given: with the word of RFC 6749.
    pub(crate) fn in_oauth(mut self, word: &'static str) -> Self {
        self.particulars.oauth = Some(word);
        self
    }

    fn with_findings(mut self, findings: Vec<Finding>) -> Self {
        self.particulars.findings = findings;
        self
    }

    /// The same with a header.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.particulars
            .headers
            .extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// The answer, in a language, to a request for a path.
    pub(crate) fn answer(self, language: Language, path: &str) -> Response {
        let Self { kind, particulars } = self;
        let Particulars { detail, findings, reference, headers: own, oauth } = *particulars;
        let status = kind.status();
        let document = Document {
            kind: format!("{}/#{}", super::ROOT, kind.code()),
            title: kind.title().get(language).to_owned(),
            status: status.as_u16(),
            detail: detail.get(language).to_owned(),
            instance: path.to_owned(),
            errors: findings.iter().map(|one| FindingDocument::new(one, language)).collect(),
            error: oauth,
            error_description: oauth.map(|_| detail.get(language).to_owned()),
            reference,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        let media = if oauth.is_some() { "application/json" } else { MEDIA };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if kind == Kind::Unauthorized {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"hoptac\""),
            );
        }
        for (name, value) in own {
            headers.insert(name, value);
        }
        response
    }
}

/// A failure of the store, wherever a handler meets one.
pub(crate) trait OrBroken<T> {
    fn or_broken(self, app: &App) -> Result<T, Problem>;
}

impl<T> OrBroken<T> for Result<T, Error> {
    fn or_broken(self, app: &App) -> Result<T, Problem> {
        self.map_err(|error| Problem::broken(app, &error))
    }
}
