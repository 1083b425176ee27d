//! Rolls folded, masked, sealed and read: cases whose sums can be done in the head.

use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::finding::Finding;

fn member(number: u128) -> MemberId {
    MemberId(uuid::Uuid::from_u128(number))
}

fn organisation() -> OrganisationId {
    "01890000-0000-7000-8000-00000000000a".parse().unwrap()
}

fn entry(number: u128, capital: i64) -> Entry {
    let key = Key::new([5; 32]);
    let sealing = Sealing { organisation: organisation(), member: member(number), key: &key };
    Entry {
        member: member(number),
        kind: MemberKind::Person,
        class: MemberClass::Official,
        capital,
        joined: None,
        foreign: None,
        pseudonym: None,
        identity: sealing.identity(&Identity::default(), [0; 24]),
        marks: None,
    }
}

fn event(number: u128, day: i8, position: u64, what: What) -> MemberEvent {
    MemberEvent { member: member(number), on: date(2024, 1, day), position, number: 0, what }
}

/// Who is on the roll with which share on each of some days.
#[track_caller]
fn held(events: &[MemberEvent], want: &[(i8, &[(u128, i64)])], misfits: &[Misfit]) {
    let (spans, wrong) = spans(events);
    for (day, roll) in want {
        let on = date(2024, 1, *day);
        let got: Vec<(u128, i64)> = spans
            .iter()
            .filter(|span| span.holds_on(on))
            .map(|span| (span.entry.member.0.as_u128(), span.entry.capital))
            .collect();
        assert_eq!(&got, roll, "on {on}");
    }
    assert_eq!(wrong.iter().map(|(_, misfit)| *misfit).collect::<Vec<_>>(), misfits);
}

#[test]
fn who_joins_gives_and_leaves() {
    let events = [
        event(1, 2, 1, What::Enter(entry(1, 10))),
        event(2, 2, 1, What::Enter(entry(2, 5))),
        event(1, 4, 2, What::Share(-10)),
        event(2, 4, 2, What::Share(10)),
        event(1, 4, 2, What::Leave(LeaveCause::Transferred)),
    ];
    held(&events, &[(1, &[]), (2, &[(1, 10), (2, 5)]), (4, &[(2, 15)])], &[]);
}
#[test]
fn what_is_filed_later_for_an_earlier_day_counts_from_that_day() {
    let change = EntryChange { capital: Some(7), ..EntryChange::default() };
    let events = [
        event(1, 2, 1, What::Enter(entry(1, 10))),
        event(1, 8, 2, What::Share(1)),
        event(1, 5, 3, What::Change(change)),
    ];
    held(&events, &[(4, &[(1, 10)]), (5, &[(1, 7)]), (8, &[(1, 8)])], &[]);
}
#[test]
fn what_does_not_fit_changes_nothing() {
    let events = [
        event(1, 2, 1, What::Enter(entry(1, 10))),
        event(1, 3, 2, What::Enter(entry(1, 20))),
        event(2, 3, 3, What::Leave(LeaveCause::Resigned)),
        event(1, 4, 4, What::Share(-11)),
    ];
    let wrong = [Misfit::EntersTwice, Misfit::NotOnRoll, Misfit::ShareBelowZero];
    held(&events, &[(4, &[(1, 10)])], &wrong);
}
#[test]
fn tallies_add_up_and_turn_around() {
    let marks = Marks {
        sex: Some(Sex::Female),
        ethnicity: Some("Tày".to_owned()),
        hardship: Some(Hardship::NearPoor),
        disabled: Some(false),
    };
    let mut tally = Tally::of(&marks);
    tally += &Tally::of(&Marks { sex: Some(Sex::Male), ..Marks::default() });
    assert_eq!((tally.women, tally.men, tally.minority, tally.near_poor), (1, 1, 1, 1));
    assert_eq!(tally.groups, BTreeMap::from([("Tày".to_owned(), 1)]));
    tally += &tally.negated();
    assert!(tally.is_zero());
    assert!(Tally::of(&marks).negated().has_negative());
    let written = serde_json::to_string(&Tally::of(&marks)).unwrap();
    assert_eq!(serde_json::from_str::<Tally>(&written).unwrap(), Tally::of(&marks));
}
#[test]
fn sealed_members_open_with_their_own_key_only() {
    let (own, other) = (Key::new([5; 32]), Key::new([6; 32]));
    let of = |key| Sealing { organisation: organisation(), member: member(1), key };
    let identity = Identity { name: "Mẫu Văn An".to_owned(), ..Identity::default() };
    let sealed = of(&own).identity(&identity, [1; 24]);
    assert!(of(&own).open_identity(&sealed).unwrap() == identity);
    assert!(of(&other).open_identity(&sealed).is_err());
    let moved = Sealing { member: member(2), ..of(&own) };
    assert!(moved.open_identity(&sealed).is_err());
    assert!(of(&own).open_marks(&sealed).is_err());
    // Names of other lengths give sealed texts of the same length.
    let longer = Identity { name: "Mẫu Thị Ngọc Ánh".to_owned(), ..Identity::default() };
    let length = |identity| of(&own).identity(identity, [2; 24]).as_str().len();
    assert_eq!(length(&identity), length(&longer));
    assert_eq!(format!("{identity:?} {:?}", Marks::default()), "Identity(…) Marks(…)");
}
#[test]
fn a_household_is_never_taken_for_a_person() {
    let key = Key::new([5; 32]);
    let of = |kind, number| pseudonym(&key, kind, Some(number));
    assert_eq!(of(MemberKind::Person, "020 185 000 001"), of(MemberKind::Person, "020185000001"));
    assert_ne!(of(MemberKind::Person, "020185000001"), of(MemberKind::Household, "020185000001"));
    assert_eq!(pseudonym(&key, MemberKind::Person, None), None);
}

/// Findings of a form by code and field; what was typed is in none of them.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "cases read better without a sign before each")]
fn reads(value: serde_json::Value, want: &[(&str, &str)]) {
    let (form, mut findings) = form::read(&value, "members[3]");
    if let Some(form) = &form {
        findings.extend(form::judge(form, date(2024, 7, 1), "members[3]"));
    }
    let got: Vec<(&str, &str)> = findings.iter().map(|f| (f.code, f.field.as_str())).collect();
    assert_eq!(got, want, "{findings:#?}");
    let said: String = findings.iter().map(Finding::to_string).collect();
    for typed in value.as_object().into_iter().flatten() {
        let (name, value) = typed;
        let open = ["kind", "class"].contains(&name.as_str());
        let secret = value.as_str().filter(|text| text.len() > 8 && !open);
        assert!(secret.is_none_or(|secret| !said.contains(secret)), "{said}");
        assert!(!name.contains(' ') || !said.contains(name.as_str()), "{said}");
    }
}

#[test]
fn a_sound_member() {
    reads(
        json!({"kind": "person", "class": "official", "capital": 5_000_000, "name": "Mẫu Văn An",
            "personal_number": "020085000001", "born": "1985-03-04", "phone": "0912345678",
            "sex": "male", "ethnicity": "Nùng", "hardship": "none", "disabled": false}),
        &[],
    );
}
#[test]
fn everything_wrong_is_said_at_once_and_nothing_is_repeated() {
    reads(
        json!({"kind": "persone", "class": "official", "capital": "5.000.000", "name": "Mẫu\u{7}Văn An",
            "born": "1985-02-30", "ethnicity": "Mẫu Văn An", "Nguyễn Văn A": 1}),
        &[
            ("member.unknown-field", "members[3]"),
            ("member.value", "members[3].kind"),
            ("member.value", "members[3].capital"),
            ("member.value", "members[3].name"),
            ("member.value", "members[3].born"),
            ("member.value", "members[3].ethnicity"),
        ],
    );
    reads(
        json!({"capital": 1}),
        &[
            ("member.missing-field", "members[3].kind"),
            ("member.missing-field", "members[3].class"),
            ("member.missing-field", "members[3].name"),
        ],
    );
    reads(json!("Mẫu Văn An Mẫu Văn An"), &[("member.json", "members[3]")]);
}
#[test]
fn ages_by_class() {
    let of = |class: &str, born: &str, capital: i64| {
        json!({"kind": "person", "class": class, "capital": capital, "name": "Mẫu Văn An", "born": born,
            "personal_number": format!("0202{}000001", &born[2..4])})
    };
    reads(of("official", "2006-07-01", 1), &[]);
    reads(of("official", "2006-07-02", 1), &[("member.age", "members[3].born")]);
    reads(of("associate", "2009-07-01", 0), &[]);
    reads(of("associate", "2009-07-02", 0), &[("member.age", "members[3].born")]);
    reads(of("capital_associate", "2007-01-01", 1), &[("member.age", "members[3].born")]);
}
#[test]
fn numbers_warn_and_shares_fit_the_class() {
    let mut value = json!({"kind": "person", "class": "official", "capital": 0, "name": "Mẫu Văn An",
        "personal_number": "123456789", "phone": "0000000000"});
    reads(
        value.clone(),
        &[
            ("member.official-no-capital", "members[3].capital"),
            ("member.number", "members[3].personal_number"),
            ("member.phone", "members[3].phone"),
        ],
    );
    value["class"] = json!("associate");
    value["capital"] = json!(5);
    reads(
        value.clone(),
        &[
            ("member.capital-class", "members[3].capital"),
            ("member.number", "members[3].personal_number"),
            ("member.phone", "members[3].phone"),
        ],
    );
    reads(
        json!({"kind": "organisation", "class": "official", "capital": 5, "name": "Hợp tác xã Mẫu",
            "personal_number": "0100233480", "joined": "2025-01-01"}),
        &[("member.days", "members[3].joined"), ("member.number", "members[3].personal_number")],
    );
}
#[test]
fn letters_are_composed() {
    let value =
        json!({"kind": "person", "class": "official", "name": "Ma\u{302}\u{303}u  Va\u{306}n An"});
    assert_eq!(form::read(&value, "").0.unwrap().identity.name, "Mẫu Văn An");
}
#[test]
fn the_list_of_ethnic_groups_is_whole() {
    let mut names: Vec<&str> = ETHNIC_GROUPS.to_vec();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 54);
    assert!(ETHNIC_GROUPS.iter().all(|name| ethnic_group(name) == Some(name)));
}
