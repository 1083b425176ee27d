//! The feed of changes: what was filed, by ledger position, as identities and links alone. Whoever follows it from zero misses
//! nothing and has nothing twice.

use std::time::Duration;

use hoptac_model::filing::Filing;
use hoptac_office::authority::Reading;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::filing;
use super::operation::{Api, Group, Operation};
use super::parameter::{Kind, LIMIT, Parameter};
use super::problem::{OrBroken as _, Problem};
use super::reply::Reply;
use crate::routes::Need;

/// How often the ledger is asked while somebody waits.
const STEP: Duration = Duration::from_millis(200);

const AFTER: Parameter = Parameter {
    name: "after",
    kind: Kind::Whole { least: 0, most: i64::MAX },
    about: (
        "Vị trí sổ cái đã đọc đến; bắt đầu từ 0, rồi gửi lại `next`.",
        "The ledger position that was read so far: 0 to begin, then what `next` said.",
    ),
};
const WAIT: Parameter = Parameter {
    name: "wait",
    kind: Kind::Whole { least: 0, most: 30 },
    about: (
        "Chờ tối đa bấy nhiêu giây nếu chưa có gì mới.",
        "Waits up to so many seconds where there is nothing new yet.",
    ),
};

const CHANGES: Operation = Operation {
    title: ("Những gì đã nộp sau một vị trí sổ cái", "What was filed behind a ledger position"),
    about: (
        "Chỉ có định danh và liên kết, không có nội dung. Hồ sơ ngoài phạm vi của tài khoản không có trong danh sách nhưng `next` \
         vẫn đi qua, nên đọc lần lượt theo `next` thì không sót và không trùng.",
        "Identities and links only, no contents. Filings outside the account's scope are left out and `next` passes over them, so \
         that following `next` misses nothing and has nothing twice.",
    ),
    query: &[AFTER, LIMIT, WAIT],
    ..Operation::read("/changes", "listChanges", Group::Filings, Need::Read(Reading::Filings))
};

pub(crate) fn operations(api: Api) -> Api {
    api.add(CHANGES, changes)
}

/// What was filed behind a position.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Changes")]
struct Document {
    /// In the order of the ledger.
    items: Vec<Change>,
    /// Where to go on: send it as `after`.
    next: u64,
    /// The last position of the ledger. Where `next` has reached it, everything was read.
    ledger_position: u64,
}

/// Something that was filed.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct Change {
    /// Its place in the ledger.
    pub(crate) position: u64,
    /// The identity of the filing.
    #[schemars(extend("format" = "uuid"))]
    filing: String,
    /// The kind of filing.
    kind: &'static str,
    /// When it was recorded.
    #[schemars(extend("format" = "date-time"))]
    recorded_at: String,
    /// The organisation that it is about, where it is about one.
    #[schemars(extend("format" = "uuid"))]
    organisation: Option<String>,
    /// Where the filing, and the organisation, can be read.
    links: Links,
}

/// Where something can be read.
#[derive(Clone, Serialize, JsonSchema)]
struct Links {
    /// The filing.
    filing: String,
    /// The organisation.
    organisation: Option<String>,
}

impl Change {
    pub(crate) fn new(filing: &Filing) -> Self {
        let organisation = filing.subject.as_organisation().map(|id| id.to_string());
        Self {
            position: filing.position,
            filing: filing.id.to_string(),
            kind: filing.kind.code(),
            recorded_at: filing.recorded_at.to_string(),
            links: Links {
                filing: format!("{}/filings/{}", super::ROOT, filing.id),
                organisation: organisation
                    .as_ref()
                    .map(|id| format!("{}/organisations/{id}", super::ROOT)),
            },
            organisation,
        }
    }
}

async fn changes(call: Call) -> Result<Reply<Document>, Problem> {
    let store = call.store()?;
    let after = call.whole(&AFTER).and_then(|after| u64::try_from(after).ok()).unwrap_or(0);
    let limit = call.whole(&LIMIT).and_then(|limit| u32::try_from(limit).ok()).unwrap_or(50);
    let seconds = call.whole(&WAIT).and_then(|wait| u64::try_from(wait).ok()).unwrap_or(0);
    let (wait, mut waited) = (Duration::from_secs(seconds), Duration::ZERO);
    let (found, head) = loop {
        // The end is asked first: what is filed between the two questions comes with the next answer.
        let head = store.position().await.or_broken(&call.app)?;
        let found = store.filings(after, limit).await.or_broken(&call.app)?;
        if !found.is_empty() || waited >= wait {
            break (found, head);
        }
        tokio::time::sleep(STEP).await;
        waited += STEP;
    };
    // Scopes are asked of the register, which must have reached what is shown.
    let last = found.last().map_or(after, |filing| filing.position);
    call.app.publish_up_to(last).await.or_broken(&call.app)?;
    let items = found.iter().filter(|one| filing::may_see(&call, one)).map(Change::new).collect();
    Ok(Reply::new(Document { items, next: last, ledger_position: head.max(last) }))
}
