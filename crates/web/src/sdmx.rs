//! Statistics for other offices, as SDMX 3.0 has them: what there is (`/sdmx/structure/…`) and the numbers (`/sdmx/data/…`), with
//! definitions, units of measurement, status flags and the ledger position beside them.
//!
//! Addresses, keys and formats are those of the standard's web service [SDMX-REST 2.1]. Whoever reads the plan's progress reads
//! this; tokens and limits are those of the interface for programs.

mod artefact;
mod data;
mod json;
mod query;
mod xml;

use std::sync::Arc;

use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hoptac_model::filing::Hash;
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use hoptac_office::authority::Reading;
use hoptac_store::LedgerQuestion;
use jiff::civil::Date;

use crate::api::call;
use crate::api::operation::admit;
use crate::api::problem::{Kind, OrBroken as _, Problem};
use crate::app::{App, Published};
use crate::door::Visit;
use crate::query::pairs;
use crate::routes::{Need, Routes};

/// The longest question behind the question mark.
const QUERY_MAX: usize = 4096;
const PROGRESS: Need = Need::Read(Reading::Progress);

/// The addresses, with what is needed for each. What is left out at the end of an address is everything.
pub(crate) fn routes(mut routes: Routes) -> Routes {
    for path in [
        "/sdmx/structure/{kind}",
        "/sdmx/structure/{kind}/{agency}",
        "/sdmx/structure/{kind}/{agency}/{id}",
        "/sdmx/structure/{kind}/{agency}/{id}/{version}",
    ] {
        routes = routes.api("GET", path, PROGRESS, structure);
    }
    for path in [
        "/sdmx/data/{context}/{agency}/{id}/{version}",
        "/sdmx/data/{context}/{agency}/{id}/{version}/{key}",
    ] {
        routes = routes.api("GET", path, PROGRESS, observations);
    }
    routes
}

/// A format in which something is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    StructureXml,
    StructureJson,
    DataCsv,
    DataJson,
    DataXml,
}

impl Format {
    /// Its full name.
    fn media(self) -> &'static str {
        match self {
            Self::StructureXml => "application/vnd.sdmx.structure+xml;version=3.0.0",
            Self::StructureJson => "application/vnd.sdmx.structure+json;version=2.0.0",
            Self::DataCsv => "application/vnd.sdmx.data+csv;version=2.0.0",
            Self::DataJson => "application/vnd.sdmx.data+json;version=2.0.0",
            Self::DataXml => "application/vnd.sdmx.data+xml;version=3.0.0",
        }
    }

    /// Short names that mean it too.
    fn is_called(self, media: &str) -> bool {
        let short: &[&str] = match self {
            Self::StructureXml | Self::DataXml => &["application/xml", "text/xml"],
            Self::StructureJson | Self::DataJson => &["application/json"],
            Self::DataCsv => &["text/csv", "application/csv"],
        };
        let name = self.media().split(';').next().unwrap_or_default();
        media == name || short.contains(&media) || media == "*/*" || media == "application/*"
    }
}

/// The format that a caller takes, the first of those offered where it takes any.
fn format<const N: usize>(headers: &HeaderMap, offered: [Format; N]) -> Result<Format, Problem> {
    let accepted =
        headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let wanted = |part: &str| {
        let mut words = part.split(';').map(|word| word.trim().to_ascii_lowercase());
        let media = words.next().unwrap_or_default();
        let version = words.find_map(|word| word.strip_prefix("version=").map(str::to_owned));
        offered.into_iter().find(|format| {
            let own = format.media().rsplit('=').next().unwrap_or_default();
            format.is_called(&media)
                && version.as_ref().is_none_or(|version| own.starts_with(version.trim_matches('"')))
        })
    };
    accepted.split(',').find_map(wanted).ok_or_else(|| {
        let offered = offered.map(Format::media).join(", ");
        Problem::new(
            Kind::NotAcceptable,
            words!(
                "chỉ trả về được: {offered}; ghi một trong các loại này ở Accept",
                "this is sent as: {offered}; name one of them in Accept",
                offered
            ),
        )
    })
}

/// What was asked, as far as all addresses have it alike.
struct Asked {
    app: App,
    language: Language,
    at: Vec<(String, String)>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
}

impl Asked {
    fn new(visit: &Visit, at: &RawPathParams, request: &Request) -> Result<Self, Problem> {
        let written = request.uri().query().unwrap_or_default();
        if written.len() > QUERY_MAX {
            return Err(bad(words!(
                "phần sau dấu hỏi dài quá {most} byte",
                "there are more than {most} bytes behind the question mark",
                most = QUERY_MAX
            )));
        }
        Ok(Self {
            app: visit.app.clone(),
            language: call::language(request.headers()),
            at: at.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            query: pairs(written),
            headers: request.headers().clone(),
        })
    }

    /// A part of the address; everything where it was left out.
    fn at(&self, name: &str) -> &str {
        self.at.iter().find(|(known, _)| known == name).map_or("*", |(_, value)| value)
    }

    /// The state as it was known on a day, or the newest.
    async fn state(&self, known_on: Option<Date>) -> Result<Arc<Published>, Problem> {
        let (Some(day), Some(store)) = (known_on, self.app.store()) else {
            return Ok(self.app.published());
        };
        let question = LedgerQuestion { to: Some(day), ..LedgerQuestion::default() };
        let last = store.filings_newest(&question, 1).await.or_broken(&self.app)?;
        let position = last.first().map_or(0, |filing| filing.position);
        self.app.state_at(position).await.or_broken(&self.app)
    }
}

/// Something in the address cannot be read.
fn bad(sentence: Words) -> Problem {
    Problem::new(Kind::BadRequest, sentence)
}

async fn structure(visit: Visit, at: RawPathParams, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (language, seen) = (call::language(request.headers()), call::tags(request.headers()));
    let asked = admit(PROGRESS, &visit).and_then(|()| Asked::new(&visit, &at, &request));
    drop(request);
    let made = async {
        let asked = asked?;
        let wanted = query::structures(&asked)?;
        let format = format(&asked.headers, [Format::StructureXml, Format::StructureJson])?;
        let state = asked.state(None).await?;
        let chosen = artefact::choose(&state, &wanted)?;
        let bytes = match format {
            Format::StructureJson | Format::DataJson | Format::DataXml => {
                json::structures(&chosen, asked.language, asked.app.today())
            }
            Format::StructureXml | Format::DataCsv => {
                xml::structures(&chosen, asked.app.today())
                    .map_err(|error| Problem::broken(&asked.app, &error))?
            }
        };
        Ok((bytes, format))
    };
    answer(made.await, &seen, language, &path)
}

async fn observations(visit: Visit, at: RawPathParams, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (language, seen) = (call::language(request.headers()), call::tags(request.headers()));
    let asked = admit(PROGRESS, &visit).and_then(|()| Asked::new(&visit, &at, &request));
    drop(request);
    let made = async {
        let asked = asked?;
        let format = format(&asked.headers, [Format::DataCsv, Format::DataJson, Format::DataXml])?;
        let found = data::find(&asked).await?;
        let bytes = match format {
            Format::DataXml | Format::StructureXml => xml::data(&found, asked.app.today())
                .map_err(|error| Problem::broken(&asked.app, &error))?,
            Format::DataJson | Format::StructureJson => {
                json::data(&found, asked.language, asked.app.today())
            }
            Format::DataCsv => data::csv(&found).into_bytes(),
        };
        Ok((bytes, format))
    };
    answer(made.await, &seen, language, &path)
}

/// The answer; without its body where the caller has it already.
fn answer(
    made: Result<(Vec<u8>, Format), Problem>,
    seen: &[String],
    language: Language,
    path: &str,
) -> Response {
    let (bytes, format) = match made {
        Ok(made) => made,
        Err(problem) => return problem.answer(language, path),
    };
    let tag: String = Hash::of(&bytes).to_string().chars().take(32).collect();
    let tag = format!("W/\"{tag}\"");
    let is_known = seen.iter().any(|one| *one == tag || one == "*");
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = bytes.into_response();
        let media = HeaderValue::from_static(format.media());
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        response
    };
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    let vary = HeaderValue::from_static("accept, accept-language, authorization");
    headers.insert(header::VARY, vary);
    response
}
