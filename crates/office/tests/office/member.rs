//! The roll of members on the whole way in and out, on both databases: what is counted, what is sealed, what is erased, and
//! that nothing personal is ever in clear.
#![expect(clippy::indexing_slicing, reason = "a test knows what it put there")]

use std::path::Path;

use hoptac_model::filing::member::{
    DiscloseWay, EraseGround, MemberErase, MemberStrike, Membership,
};
use hoptac_model::filing::{Body, Draft, Establish, FilingKind, Origin, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::ids::{FilingId, MemberId, OrganisationId};
use hoptac_model::member::form::{self, Form};
use hoptac_model::member::{Entry, HeldKey, KeyHolder, LeaveCause, Tally, Totals, spans};
use hoptac_model::organisation::Kind;
use hoptac_model::seal::Key;
use hoptac_office::member::{
    Act, Disclosure, MaskedRoll, Receiver, Request, Seals, disclose, file, masked,
};
use hoptac_office::{Accepted, Actor, Refusal, Role, accept};
use hoptac_store::Store;
use hoptac_testkit::database::TestDatabase;
use hoptac_testkit::draft::{Drafts, establishment};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::ledger::places;

hoptac_testkit::both_databases! {
    a_roll_is_taken_over_and_changes,
    what_was_filed_wrongly_is_taken_back,
    what_was_known_before_is_still_told,
    what_does_not_fit_is_refused_with_its_field,
    the_same_submission_twice_is_filed_once,
    whoever_saw_an_older_version_is_told,
    nothing_personal_is_ever_in_clear,
    one_member_is_erased_and_the_counts_stay,
    a_whole_organisation_is_erased,
    who_still_is_a_member_is_erased_by_order_only,
    what_is_read_is_in_the_ledger_first,
    the_wrong_master_key_opens_and_files_nothing,
    a_person_in_two_organisations_is_one_person,
    what_was_not_sealed_here_is_refused,
}

const FOUNDED: Date = Date::constant(2020, 3, 2);
const TAKEN_OVER: Date = Date::constant(2024, 8, 1);

fn registrar() -> Actor {
    Actor::new("registrar.178", Role::Registrar)
}

fn member_json(number: u8) -> Value {
    json!({
        "kind": "person", "class": "official", "capital": 1_000_000 * i64::from(number),
        "name": format!("Mẫu Thị Bí Mật {number:03}"), "personal_number": format!("020185{:06}", 770_000 + u32::from(number)),
        "born": "1985-03-04", "phone": format!("09123456{number:02}"), "address": "Thôn Kín Đáo",
        "sex": if number.is_multiple_of(2) { "male" } else { "female" },
        "ethnicity": if number < 3 { "Tày" } else { "Kinh" }, "hardship": "near_poor", "disabled": false,
        "joined": "2020-03-02",
    })
}

/// A member by its number: women have odd ones. The personal numbers are those of women, so that men get a warning.
fn form(number: u8) -> Form {
    form::read(&member_json(number), "").0.unwrap()
}

/// A cooperative with six members, and the means to file about it.
struct Desk {
    store: Store,
    organisation: OrganisationId,
    master: Key,
    drawn: u64,
    now: Timestamp,
}

impl Desk {
    async fn open(database: &TestDatabase) -> Self {
        let store = database.store().await;
        let mut drafts = Drafts::default();
        let organisation = drafts.organisation();
        let operator = Actor::new("operator", Role::Operator);
        let start =
            Establish { kind: Kind::Cooperative, members: 7, ..establishment(organisation) };
        let start =
            Establish { name: start.name.replace("Tổ hợp tác", "Hợp tác xã"), ..start };
        for draft in [
            drafts.draft(Subject::units(), FOUNDED, Body::UnitsAdopt(places())),
            drafts.about(organisation, FOUNDED, Body::OrganisationEstablish(start)),
        ] {
            accept(&store, &operator, draft).await.unwrap();
        }
        let now = "2025-06-02T02:00:00Z".parse().unwrap();
        Self { store, organisation, master: Key::new([42; 32]), drawn: 0, now }
    }

    fn tick(&mut self) -> FilingId {
        self.now += jiff::SignedDuration::from_hours(24);
        self.drawn += 1;
        FilingId(uuid::Uuid::from_u128(
            0x0199_0000_0000_7000_8000_0000_0000_0000 | u128::from(self.drawn),
        ))
    }

    fn request(&mut self, on: Date, act: Act) -> Request {
        Request {
            id: self.tick(),
            recorded_at: self.now,
            effective_on: on,
            organisation: self.organisation,
            expected_version: None,
            key: None,
            origin: Origin::Live,
            act,
        }
    }

    async fn send(&mut self, request: Request) -> Result<Accepted, Refusal> {
        let mut drawn = self.drawn * 1000;
        // Chance that counts is enough to tell keys and nonces apart.
        let mut chance = || {
            drawn += 1;
            let mut bytes = [0x5a; 32];
            bytes[..8].copy_from_slice(&drawn.to_be_bytes());
            bytes
        };
        let mut seals = Seals { master: &self.master, chance: &mut chance };
        file(&self.store, &registrar(), &mut seals, request).await
    }

    async fn act(&mut self, on: Date, act: Act) -> Result<Accepted, Refusal> {
        let request = self.request(on, act);
        self.send(request).await
    }

    /// Six members with a share of 1 to 6 million; three women, two of a minority.
    async fn take_over(&mut self) {
        self.act(TAKEN_OVER, Act::Roll((1..=6).map(form).collect())).await.unwrap();
    }

    async fn roll(&self, on: Date) -> MaskedRoll {
        masked(&self.store, &self.master, self.organisation, on, None).await.unwrap()
    }

    /// The member with a number.
    async fn member(&self, number: u8) -> MemberId {
        let masked = format!("*{number:02}").chars().last();
        let roll = self.roll(Date::MAX).await;
        let is = |name: &str, capital: i64| {
            name.starts_with("Mẫ") && capital == 1_000_000 * i64::from(number) && masked.is_some()
        };
        let found = roll.members.iter().find(|listed| {
            let name = listed.identity.as_ref().map_or("Mẫ", |identity| identity.name.as_str());
            is(name, listed.span.entry.capital)
        });
        found.unwrap().span.entry.member
    }

    async fn totals(&self, on: Date) -> Totals {
        Totals::of(self.roll(on).await.members.iter().map(|listed| &listed.span.entry))
    }

    async fn erase(
        &mut self,
        members: Option<Vec<MemberId>>,
        ground: EraseGround,
    ) -> Result<Accepted, Refusal> {
        let reason = "Quyết định 12/QĐ-UBND".to_owned();
        let body = Body::Membership(Membership::Erase(MemberErase { members, ground, reason }));
        let id = self.tick();
        let draft = Draft {
            id,
            recorded_at: self.now,
            effective_on: date(2025, 6, 2),
            actor: String::new(),
            subject: Subject::organisation(self.organisation),
            expected_version: None,
            origin: Origin::Live,
            key: None,
            body,
        };
        accept(&self.store, &registrar(), draft).await
    }

    async fn strike(&mut self, filing: FilingId, reason: &str) -> Result<Accepted, Refusal> {
        let reason = reason.to_owned();
        let body = Body::Membership(Membership::Strike(MemberStrike { filing, reason }));
        let id = self.tick();
        let draft = Draft {
            id,
            recorded_at: self.now,
            effective_on: date(2025, 6, 2),
            actor: String::new(),
            subject: Subject::organisation(self.organisation),
            expected_version: None,
            origin: Origin::Live,
            key: None,
            body,
        };
        accept(&self.store, &registrar(), draft).await
    }

    /// The ledger is whole, and the tables follow from it.
    async fn is_whole(&self) {
        let verification = self.store.verify(&mut |_| ()).await.unwrap();
        assert_eq!(verification.problem, None);
        let rebuilt = self.store.rebuild(&mut |_| ()).await.unwrap();
        assert!(rebuilt.tables.iter().all(|table| table.changed == 0), "{rebuilt:?}");
        assert!(rebuilt.tables.iter().any(|t| t.name == "member_event" && t.rows_after > 0));
    }
}

#[track_caller]
fn codes(outcome: Result<Accepted, Refusal>, want: &[(&str, &str)]) {
    let Err(Refusal::Invalid(findings)) = outcome else { panic!("accepted: {outcome:?}") };
    let errors = findings.iter().filter(|finding| finding.is_error());
    let got: Vec<(&str, &str)> = errors.map(|f| (f.code, f.field.as_str())).collect();
    assert_eq!(got, want, "{findings:#?}");
    let said: String = findings.iter().map(Finding::to_string).collect();
    assert!(!said.contains("Bí Mật") && !said.contains("0201857"), "{said}");
}

async fn a_roll_is_taken_over_and_changes(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let totals = desk.totals(TAKEN_OVER).await;
    assert_eq!((totals.members, totals.official, totals.capital), (6, 6, 21_000_000));
    let tally = desk.roll(TAKEN_OVER).await.tally;
    assert_eq!((tally.women, tally.men, tally.minority, tally.near_poor), (3, 3, 2, 6));
    assert_eq!(tally.groups.get("Tày"), Some(&2));
    let first = &desk.roll(TAKEN_OVER).await.members[0];
    let identity = first.identity.as_ref().unwrap();
    assert_eq!(identity.name, "Mẫ* T** B* M** 0**");
    assert_eq!(identity.number.as_deref(), Some("020*******01"));

    // One leaves, one joins, one gives everything to a newcomer, one becomes poorer: five million less and seven more.
    let (one, two, five) = (desk.member(1).await, desk.member(2).await, desk.member(5).await);
    desk.act(date(2024, 9, 1), Act::Leave { member: five, cause: LeaveCause::Resigned })
        .await
        .unwrap();
    let joined =
        desk.act(date(2024, 10, 1), Act::Join(Form { joined: None, ..form(7) })).await.unwrap();
    assert!(joined.findings.iter().all(|finding| !finding.is_error()));
    let to = Receiver::Enters(Form { joined: None, ..form(8) });
    desk.act(date(2024, 11, 1), Act::Transfer { from: one, to, amount: 1_000_000, leaves: true })
        .await
        .unwrap();
    let change = form::read_change(
        &json!({"capital": 500_000, "hardship": "poor", "ethnicity": "Kinh"}),
        "",
    )
    .0
    .unwrap();
    desk.act(date(2024, 12, 1), Act::Change { member: two, change }).await.unwrap();

    for (day, members, capital) in [
        (date(2024, 7, 31), 0, 0),
        (date(2024, 8, 31), 6, 21_000_000),
        (date(2024, 9, 1), 5, 16_000_000),
        (date(2024, 10, 1), 6, 23_000_000),
        (date(2024, 11, 1), 6, 23_000_000),
        (date(2024, 12, 1), 6, 21_500_000),
    ] {
        let totals = desk.totals(day).await;
        assert_eq!((totals.members, totals.capital), (members, capital), "{day}");
    }
    let tally = desk.roll(date(2024, 12, 1)).await.tally;
    // Left: 5 (woman) and 1 (woman, minority); came: 7 (woman), 8 (man); 2 is no longer of the minority, and poor.
    assert_eq!(
        (tally.women, tally.men, tally.minority, tally.poor, tally.near_poor),
        (2, 4, 0, 1, 5)
    );
    let register = desk.store.register().await.unwrap();
    let last = register.roll_spans.iter().filter(|span| span.until.is_none()).count();
    assert_eq!((last, register.roll_counts.len()), (6, 5));
    desk.is_whole().await;
}

async fn what_was_filed_wrongly_is_taken_back(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let known = hoptac_model::date::parse("2025-06-03").unwrap();
    let day = date(2024, 9, 1);
    let joined = desk.act(day, Act::Join(Form { joined: None, ..form(7) })).await.unwrap();
    let seven = desk.member(7).await;
    let leave = Act::Leave { member: seven, cause: LeaveCause::Resigned };
    let left = desk.act(date(2024, 10, 1), leave).await.unwrap();
    let (joined, left) = (joined.filing.id, left.filing.id);

    // Whoever left had joined: that comes first.
    codes(desk.strike(joined, "nhầm tổ chức").await, &[("member.strike-rests", "filing")]);
    codes(desk.strike(FilingId(uuid::Uuid::nil()), "?").await, &[("correct.unknown", "filing")]);
    desk.strike(left, "nhầm ngày").await.unwrap();
    codes(desk.strike(left, "nhầm ngày").await, &[("member.strike-kind", "filing")]);
    assert_eq!(desk.totals(date(2025, 1, 1)).await.members, 7);
    desk.strike(joined, "nhầm tổ chức").await.unwrap();

    let roll = desk.roll(date(2025, 1, 1)).await;
    assert_eq!((roll.members.len(), roll.tally.women, roll.tally.men), (6, 3, 3));
    let then = masked(&desk.store, &desk.master, desk.organisation, day, Some(known)).await;
    assert_eq!(then.unwrap().members.len(), 6, "not filed yet");
    let later = hoptac_model::date::parse("2025-06-05").unwrap();
    let then = masked(&desk.store, &desk.master, desk.organisation, day, Some(later)).await;
    assert_eq!(then.unwrap().members.len(), 7, "not taken back yet");
    desk.is_whole().await;

    // A whole roll goes too, and a right one is taken over.
    let about = desk.store.filings_about(&Subject::organisation(desk.organisation)).await.unwrap();
    let roll = about.iter().find(|filing| filing.kind == FilingKind::MemberRoll).unwrap().id;
    desk.strike(roll, "nhầm tệp").await.unwrap();
    assert_eq!(desk.totals(date(2025, 1, 1)).await.members, 0);
    desk.act(TAKEN_OVER, Act::Roll((1..=3).map(form).collect())).await.unwrap();
    assert_eq!(desk.totals(date(2025, 1, 1)).await.members, 3);
    desk.is_whole().await;
}

async fn what_was_known_before_is_still_told(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let known = hoptac_model::date::parse("2025-06-03").unwrap();
    let five = desk.member(5).await;
    // Filed after what was known, for a day before it.
    desk.act(date(2024, 9, 1), Act::Leave { member: five, cause: LeaveCause::Ended })
        .await
        .unwrap();
    let then = masked(&desk.store, &desk.master, desk.organisation, date(2025, 1, 1), Some(known))
        .await
        .unwrap();
    assert_eq!((then.members.len(), desk.roll(date(2025, 1, 1)).await.members.len()), (6, 5));
    let register = desk.store.register_known_on(known).await.unwrap();
    assert!(register.roll_spans.iter().all(|span| span.until.is_none()));
}

async fn what_does_not_fit_is_refused_with_its_field(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    codes(desk.act(TAKEN_OVER, Act::Join(form(7))).await, &[("member.no-roll", "")]);
    codes(desk.act(TAKEN_OVER, Act::Roll(Vec::new())).await, &[("member.roll-empty", "members")]);
    let twice = Act::Roll(vec![form(1), form(2), form(1)]);
    codes(desk.act(TAKEN_OVER, twice).await, &[("member.twice", "members[2].personal_number")]);
    let late = Form { joined: Some(date(2025, 1, 1)), ..form(2) };
    codes(
        desk.act(TAKEN_OVER, Act::Roll(vec![form(1), late])).await,
        &[("member.days", "members[1].joined")],
    );
    desk.take_over().await;
    codes(desk.act(TAKEN_OVER, Act::Roll(vec![form(1)])).await, &[("member.roll-exists", "")]);
    codes(
        desk.act(date(2024, 7, 1), Act::Join(form(7))).await,
        &[("member.before-roll", "effective_on")],
    );
    codes(
        desk.act(date(2024, 9, 1), Act::Join(form(3))).await,
        &[("member.twice", "member.personal_number")],
    );
    let three = desk.member(3).await;
    let leave = |cause| Act::Leave { member: three, cause };
    desk.act(date(2024, 9, 1), leave(LeaveCause::Resigned)).await.unwrap();
    codes(
        desk.act(date(2024, 10, 1), leave(LeaveCause::Resigned)).await,
        &[("member.does-not-fit", "member")],
    );
    let four = desk.member(4).await;
    let gives =
        |from, amount| Act::Transfer { from, to: Receiver::Member(four), amount, leaves: false };
    codes(desk.act(date(2024, 10, 1), gives(four, 1)).await, &[("member.itself", "to")]);
    codes(desk.act(date(2024, 10, 1), gives(three, 1)).await, &[("member.does-not-fit", "from")]);
    let two = desk.member(2).await;
    codes(
        desk.act(date(2024, 10, 1), gives(two, 2_000_001)).await,
        &[("member.does-not-fit", "from")],
    );
    codes(desk.act(date(2024, 10, 1), gives(two, 0)).await, &[("member.amount", "amount")]);
    // Who came back for the time after may be the same person.
    desk.act(date(2024, 12, 1), Act::Join(Form { joined: None, ..form(3) })).await.unwrap();
    let change = form::read_change(&json!({"personal_number": "020185770002"}), "").0.unwrap();
    codes(
        desk.act(date(2024, 12, 1), Act::Change { member: four, change }).await,
        &[("member.twice", "member.personal_number")],
    );
}

async fn the_same_submission_twice_is_filed_once(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    let keyed = |request: Request| Request { key: Some("bang-ke-1".to_owned()), ..request };
    let mut first = desk.request(TAKEN_OVER, Act::Roll((1..=6).map(form).collect()));
    first = keyed(first);
    let accepted = desk.send(first).await.unwrap();
    let again = keyed(desk.request(TAKEN_OVER, Act::Roll((1..=6).map(form).collect())));
    let repeated = desk.send(again).await.unwrap();
    assert!(!accepted.repeated && repeated.repeated);
    assert_eq!(accepted.filing, repeated.filing);
    let other = keyed(desk.request(TAKEN_OVER, Act::Roll((1..=5).map(form).collect())));
    assert!(matches!(desk.send(other).await, Err(Refusal::KeyTaken { .. })));
}

async fn whoever_saw_an_older_version_is_told(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let seen = desk.store.subject_version(&Subject::organisation(desk.organisation)).await.unwrap();
    let mut one = desk.request(date(2024, 9, 1), Act::Join(Form { joined: None, ..form(7) }));
    one.expected_version = Some(seen);
    desk.send(one).await.unwrap();
    let mut two = desk.request(date(2024, 9, 1), Act::Join(Form { joined: None, ..form(8) }));
    two.expected_version = Some(seen);
    let Err(Refusal::Changed { changes, .. }) = desk.send(two).await else { panic!("accepted") };
    assert_eq!(changes, [(FilingKind::MemberJoin, date(2024, 9, 1))]);
}

/// Everything that the database holds of filings and rolls, as text.
async fn all_text(store: &Store, organisation: OrganisationId) -> String {
    let filings = store.filings(0, 1000).await.unwrap();
    format!("{filings:?}") + &format!("{:?}", store.roll(organisation, None).await.unwrap())
}

async fn nothing_personal_is_ever_in_clear(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let two = desk.member(2).await;
    let change =
        form::read_change(&json!({"phone": "0987654321", "name": "Mẫu Văn Bí Mật Mới"}), "")
            .0
            .unwrap();
    desk.act(date(2024, 9, 1), Act::Change { member: two, change }).await.unwrap();
    let text = all_text(&desk.store, desk.organisation).await;
    for secret in ["Bí Mật", "0201857", "1985-03", "09123", "09876", "Kín Đáo", "female"] {
        assert!(!text.contains(secret), "{secret} stands in clear");
    }
    if let Some(file) = database.file() {
        desk.store.scrub_keys().await.unwrap();
        for secret in ["Bí Mật", "020185770002", "Kín Đáo", "0912345602"] {
            assert!(!holds(file, secret.as_bytes()), "{secret} lies in the file");
        }
    }
    assert!(!format!("{:?}", Act::Join(form(1))).contains("Mật"));
}

/// Whether the bytes lie in the database file or beside it.
fn holds(file: &Path, bytes: &[u8]) -> bool {
    let folder = file.parent().unwrap();
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let content = std::fs::read(entry.path()).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

fn key_text(key: &HeldKey) -> String {
    key.wrapped.as_str().to_owned()
}

async fn one_member_is_erased_and_the_counts_stay(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let five = desk.member(5).await;
    desk.act(date(2024, 9, 1), Act::Leave { member: five, cause: LeaveCause::Resigned })
        .await
        .unwrap();
    let days = [TAKEN_OVER, date(2024, 12, 1)];
    let before = [desk.totals(days[0]).await, desk.totals(days[1]).await];
    let tallies = [desk.roll(days[0]).await.tally, desk.roll(days[1]).await.tally];
    let register = desk.store.register().await.unwrap();
    let holder = KeyHolder::Member(desk.organisation, five);
    let key = desk.store.key(holder).await.unwrap().unwrap();
    let kept = desk.store.key(KeyHolder::Organisation(desk.organisation)).await.unwrap().unwrap();

    desk.erase(Some(vec![five]), EraseGround::Request).await.unwrap();
    assert_eq!(desk.store.key(holder).await.unwrap(), None);
    let gone = desk.roll(days[0]).await;
    let erased: Vec<_> = gone.members.iter().filter(|listed| listed.identity.is_none()).collect();
    assert_eq!(erased.iter().map(|listed| listed.span.entry.member).collect::<Vec<_>>(), [five]);
    assert_eq!(before, [desk.totals(days[0]).await, desk.totals(days[1]).await]);
    assert_eq!(tallies, [gone.tally, desk.roll(days[1]).await.tally]);
    let after = desk.store.register().await.unwrap();
    assert_eq!((register.roll_spans, register.roll_counts), (after.roll_spans, after.roll_counts));
    // The sealed text still stands in the ledger, so that the chain proves itself, and no key that is left opens it.
    let sealed = erased[0].span.entry.identity.clone();
    assert!(all_text(&desk.store, desk.organisation).await.contains(sealed.as_str()));
    for held in desk.store.keys_of(desk.organisation).await.unwrap() {
        let own = kept.open(&desk.master).unwrap();
        let opened = held.open(&own).or_else(|_| held.open(&desk.master)).unwrap();
        assert!(
            sealed
                .open(&opened, &hoptac_model::member::place_of(desk.organisation, five, "identity"))
                .is_err()
        );
    }
    if let Some(file) = database.file() {
        assert!(!holds(file, key_text(&key).as_bytes()), "the destroyed key lies in the file");
        assert!(holds(file, key_text(&kept).as_bytes()));
    }
    codes(
        desk.erase(Some(vec![five]), EraseGround::Request).await,
        &[("member.erased", "members[0]")],
    );
    desk.is_whole().await;
}

async fn a_whole_organisation_is_erased(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let mut drafts = Drafts::starting_at(90);
    let mut end = drafts.dissolve(desk.organisation, date(2025, 5, 1));
    desk.tick();
    end.recorded_at = desk.now;
    accept(&desk.store, &registrar(), end).await.unwrap();
    let before = (desk.totals(TAKEN_OVER).await, desk.roll(TAKEN_OVER).await.tally);
    let keys = desk.store.keys_of(desk.organisation).await.unwrap();
    assert_eq!(keys.len(), 7);
    desk.erase(None, EraseGround::PurposeEnded).await.unwrap();
    assert_eq!(desk.store.keys_of(desk.organisation).await.unwrap(), []);
    let after = desk.roll(TAKEN_OVER).await;
    assert!(after.members.iter().all(|listed| listed.identity.is_none()));
    assert_eq!(before, (desk.totals(TAKEN_OVER).await, after.tally));
    if let Some(file) = database.file() {
        assert!(keys.iter().all(|key| !holds(file, key_text(key).as_bytes())));
    }
    codes(desk.erase(None, EraseGround::PurposeEnded).await, &[("member.erased", "members")]);
    desk.is_whole().await;
}

async fn who_still_is_a_member_is_erased_by_order_only(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let four = desk.member(4).await;
    codes(
        desk.erase(Some(vec![four]), EraseGround::Request).await,
        &[("member.still-member", "members[0]")],
    );
    codes(desk.erase(None, EraseGround::PurposeEnded).await, &[("member.still-member", "members")]);
    codes(desk.erase(Some(Vec::new()), EraseGround::Order).await, &[("member.nobody", "members")]);
    codes(
        desk.erase(Some(vec![MemberId(uuid::Uuid::from_u128(1))]), EraseGround::Order).await,
        &[("member.unknown", "members[0]")],
    );
    let ordered = desk.erase(Some(vec![four]), EraseGround::Order).await.unwrap();
    assert_eq!(
        ordered.findings.iter().map(|f| f.code).collect::<Vec<_>>(),
        ["member.still-member"]
    );
    // What was erased cannot be changed any more; it can still leave, and then the counts keep its marks.
    let change = form::read_change(&json!({"phone": "0987654321"}), "").0.unwrap();
    codes(
        desk.act(date(2025, 6, 3), Act::Change { member: four, change }).await,
        &[("member.erased", "member")],
    );
    let left = desk
        .act(date(2025, 6, 3), Act::Leave { member: four, cause: LeaveCause::Other })
        .await
        .unwrap();
    assert!(left.findings.iter().any(|finding| finding.code == "member.uncounted"));
    let roll = desk.roll(date(2025, 6, 3)).await;
    assert_eq!((roll.members.len(), roll.tally.men, roll.tally.women), (5, 3, 3));
}

async fn what_is_read_is_in_the_ledger_first(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let two = desk.member(2).await;
    let mut reading = |purpose: &str, members| Disclosure {
        id: desk.tick(),
        recorded_at: desk.now,
        organisation: desk.organisation,
        day: date(2025, 1, 1),
        members,
        way: DiscloseWay::Unmask,
        purpose: purpose.to_owned(),
    };
    let [good, empty, named, auditor, whole] = [
        reading("đối chiếu với sổ của hợp tác xã", Some(vec![two])),
        reading(" ", Some(vec![two])),
        reading("xem số 020 185 770 002", Some(vec![two])),
        reading("thanh tra", None),
        reading("gửi cơ quan đăng ký", None),
    ];
    let position = desk.store.position().await.unwrap();
    let (accepted, opened) = disclose(&desk.store, &registrar(), &desk.master, good).await.unwrap();
    assert_eq!(accepted.filing.position, position + 1);
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].identity.as_ref().unwrap().name, "Mẫu Thị Bí Mật 002");
    let body = &accepted.filing.body;
    assert!(
        body.contains(&two.to_string()) && body.contains("đối chiếu") && !body.contains("Bí Mật")
    );
    assert_eq!(accepted.filing.actor, "registrar.178");
    for wrong in [empty, named] {
        let Err(Refusal::Invalid(findings)) =
            disclose(&desk.store, &registrar(), &desk.master, wrong).await
        else {
            panic!("accepted")
        };
        assert!(findings.iter().all(|finding| finding.field == "purpose"));
    }
    let inspector = Actor::new("thanh-tra", Role::Auditor);
    let refused = disclose(&desk.store, &inspector, &desk.master, auditor).await;
    assert!(matches!(refused, Err(Refusal::NotAllowed { .. })));
    let (_, all) = disclose(&desk.store, &registrar(), &desk.master, whole).await.unwrap();
    assert_eq!((all.len(), desk.store.position().await.unwrap()), (6, position + 2));
}

async fn the_wrong_master_key_opens_and_files_nothing(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let position = desk.store.position().await.unwrap();
    desk.master = Key::new([43; 32]);
    let refused = desk.act(date(2024, 9, 1), Act::Join(form(7))).await;
    assert!(matches!(refused, Err(Refusal::MasterKey)), "{refused:?}");
    let list = masked(&desk.store, &desk.master, desk.organisation, TAKEN_OVER, None).await;
    assert!(matches!(list, Err(Refusal::MasterKey)));
    assert_eq!(desk.store.position().await.unwrap(), position);
}

async fn a_person_in_two_organisations_is_one_person(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let mut drafts = Drafts::starting_at(70);
    let other = drafts.organisation();
    let mut start = drafts.establish(other, FOUNDED);
    desk.tick();
    start.recorded_at = desk.now;
    accept(&desk.store, &registrar(), start).await.unwrap();
    desk.organisation = other;
    let household = Form { kind: hoptac_model::member::MemberKind::Household, ..form(2) };
    desk.act(TAKEN_OVER, Act::Roll(vec![form(1), household, form(9)])).await.unwrap();
    let register = desk.store.register().await.unwrap();
    let mut persons: Vec<u32> = register.roll_spans.iter().map(|span| span.person).collect();
    assert_eq!(persons.len(), 9);
    persons.sort_unstable();
    persons.dedup();
    // Six and three, of whom one is in both; a household is not the person who stands for it.
    assert_eq!(persons.len(), 8);
}

async fn what_was_not_sealed_here_is_refused(database: &TestDatabase) {
    let mut desk = Desk::open(database).await;
    desk.take_over().await;
    let (held, _) = spans(&desk.store.roll(desk.organisation, None).await.unwrap().events);
    let stranger = Entry {
        member: MemberId(uuid::Uuid::from_u128(7)),
        pseudonym: None,
        ..held[0].entry.clone()
    };
    let body =
        hoptac_model::filing::member::MemberJoin { member: stranger, tally: Tally::default() };
    desk.tick();
    let mut drafts = Drafts::starting_at(80);
    let mut draft =
        drafts.about(desk.organisation, date(2024, 9, 1), Body::Membership(Membership::Join(body)));
    draft.recorded_at = desk.now;
    codes(accept(&desk.store, &registrar(), draft).await, &[("member.no-key", "member")]);
}
