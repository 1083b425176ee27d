//! Builds drafts with ids that count up and a clock that only moves when a draft is made.

use hoptac_model::filing::{Body, Convert, Draft, Establish, Origin, Reason, Subject};
use hoptac_model::ids::{FilingId, OrganisationId};
use hoptac_model::organisation::Kind;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// A maker of drafts. Two of them made alike make the same drafts.
#[derive(Clone, Debug)]
pub struct Drafts {
    now: Timestamp,
    count: u64,
    organisations: u64,
}

impl Default for Drafts {
    fn default() -> Self {
        Self::starting_at(0)
    }
}

impl Drafts {
    /// A maker whose ids count from `count`, so that two makers can file into one ledger. Its clock is as many seconds
    /// ahead.
    pub fn starting_at(count: u32) -> Self {
        let now = Timestamp::constant(1_704_067_200, 0)
            .checked_add(SignedDuration::from_secs(i64::from(count)))
            .expect("tests stay far from the end of time");
        Self { now, count: u64::from(count), organisations: u64::from(count) }
    }

    /// A new organisation's id.
    pub fn organisation(&mut self) -> OrganisationId {
        self.organisations += 1;
        OrganisationId(numbered(0xa, self.organisations))
    }

    /// A draft about any subject. A second passes.
    pub fn draft(&mut self, subject: Subject, effective_on: Date, body: Body) -> Draft {
        self.count += 1;
        self.now = self
            .now
            .checked_add(SignedDuration::from_secs(1))
            .expect("tests stay far from the end of time");
        Draft {
            id: FilingId(numbered(0xf, self.count)),
            recorded_at: self.now,
            effective_on,
            actor: "can-bo-dang-ky".to_owned(),
            subject,
            expected_version: None,
            origin: Origin::Live,
            key: None,
            body,
        }
    }

    /// A draft about an organisation.
    pub fn about(&mut self, id: OrganisationId, effective_on: Date, body: Body) -> Draft {
        self.draft(Subject::organisation(id), effective_on, body)
    }

    /// An organisation is established, as [`establishment`] has it.
    pub fn establish(&mut self, id: OrganisationId, on: Date) -> Draft {
        self.about(id, on, Body::OrganisationEstablish(establishment(id)))
    }

    /// Its members become another number.
    pub fn members(&mut self, id: OrganisationId, on: Date, members: i64) -> Draft {
        let change = hoptac_model::filing::Change { members: Some(members), ..Default::default() };
        self.about(id, on, Body::OrganisationChange(change))
    }

    /// It suspends its business.
    pub fn suspend(&mut self, id: OrganisationId, on: Date) -> Draft {
        self.about(id, on, Body::OrganisationSuspend(reason("mưa lũ")))
    }

    /// It resumes its business.
    pub fn resume(&mut self, id: OrganisationId, on: Date) -> Draft {
        self.about(id, on, Body::OrganisationResume(Reason::default()))
    }

    /// A group becomes a cooperative.
    pub fn convert(&mut self, id: OrganisationId, on: Date) -> Draft {
        let name = format!("Hợp tác xã {}", short(id));
        let convert =
            Convert { to: Kind::Cooperative, name, members: 9, capital: Some(50_000_000) };
        self.about(id, on, Body::OrganisationConvert(convert))
    }

    /// It ceases to exist.
    pub fn dissolve(&mut self, id: OrganisationId, on: Date) -> Draft {
        self.about(id, on, Body::OrganisationDissolve(reason("tự nguyện")))
    }
}

/// A group of seven members in the commune `05971`.
pub fn establishment(id: OrganisationId) -> Establish {
    Establish {
        kind: Kind::Group,
        name: format!("Tổ hợp tác rau Đồng Đăng {}", short(id)),
        code: None,
        seat: "05971".into(),
        seat_former: None,
        vsic: 'A',
        sector: None,
        members: 7,
        capital: None,
        difficult_area: true,
    }
}

fn reason(text: &str) -> Reason {
    Reason { reason: text.to_owned() }
}

/// The last digits of an id, enough to tell names apart.
fn short(id: OrganisationId) -> u128 {
    id.0.as_u128() & 0xffff
}

/// A UUID that counts: `…0a-000000000001`.
fn numbered(kind: u128, number: u64) -> Uuid {
    Uuid::from_u128(0x0189_0000_0000_7000_8000_0000_0000_0000 | kind << 48 | u128::from(number))
}
