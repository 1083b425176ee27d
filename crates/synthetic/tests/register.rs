//! The synthetic register as a whole: the same seed gives the same filings, and no filing says what the law of its day
//! does not allow.

#![expect(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a count looks at two kinds of filing")]

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::support::Support;
use hoptac_model::filing::{Body, Draft, Filing, Hash, Origin};
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::law::Law;
use hoptac_model::organisation::{Grade, Kind, is_tax_code};
use hoptac_model::pack::{
    Band, Document, Field, FieldType, Form, NotGraded, Pack, Ruleset, Setting, StandingRule,
};
use hoptac_model::register::{Practice, Stage};
use hoptac_model::support::{Ceiling, Policy, Programme};
use hoptac_model::text::Words;
use hoptac_model::unit::{Level, Places, Successor, Unit};
use hoptac_synthetic::filings;
use jiff::civil::Date;

const UNTIL: Date = Date::constant(2026, 10, 31);
const LAST_OLD: Date = Date::constant(2025, 6, 30);
const FIRST_NEW: Date = Date::constant(2025, 7, 1);

fn members_min(kind: Kind, day: Date) -> i64 {
    Law::shipped().members_min(kind, day).unwrap()
}

/// Three districts of four communes; on 1 July 2025 each pair of communes becomes one.
fn places() -> Places {
    let unit = |id: &str, level, name: String, parent: Option<&str>, from, to| Unit {
        id: id.into(),
        code: id.split('.').next().unwrap_or(id).to_owned(),
        level,
        name,
        parent: parent.map(UnitId::from),
        lat_e4: None,
        lon_e4: None,
        valid_from: from,
        valid_to: to,
    };
    let mut units = vec![unit("20", Level::Province, "Tỉnh Lạng Sơn".to_owned(), None, None, None)];
    let mut successors = Vec::new();
    for district in ["178", "186", "189"] {
        let name = format!("Huyện {district}");
        units.push(unit(district, Level::District, name, Some("20"), None, Some(LAST_OLD)));
        let names = ["Xã Hòa Bình", "Xã Tân Tiến", "Xã Đoàn Kết", "Xã Yên Sơn"];
        for (number, name) in names.into_iter().enumerate() {
            let id = format!("{district}0{number}");
            let name = name.to_owned();
            units.push(unit(&id, Level::Commune, name, Some(district), None, Some(LAST_OLD)));
            let new = format!("{district}0{}.2025", number / 2);
            successors.push(Successor {
                old: id.as_str().into(),
                new: new.as_str().into(),
                whole: true,
                default: true,
            });
            if number % 2 == 0 {
                let name = format!("Xã Mới {new}");
                units.push(unit(&new, Level::Commune, name, Some("20"), Some(FIRST_NEW), None));
            }
        }
    }
    Places::new(units, successors)
}

fn programme(
    id: &str,
    policy: Policy,
    per_organisation: Option<i64>,
    budget: Option<i64>,
) -> Programme {
    Programme {
        id: id.to_owned(),
        policy,
        title: Words::default(),
        source: String::new(),
        opens: Date::constant(2020, 1, 1),
        closes: None,
        budget,
        per_organisation,
        kinds: vec![Kind::Cooperative, Kind::Union],
        audit: false,
        condition: None,
        note: Words::default(),
    }
}

fn pack() -> Pack {
    let field = |id: &str, field_type| Field {
        id: id.to_owned(),
        section: "s".to_owned(),
        field_type,
        unit: String::new(),
        label: Words::default(),
        help: Words::default(),
        required: true,
        prefill: None,
    };
    let ruleset = |id: &str, source: &str, valid_from| Ruleset {
        id: id.to_owned(),
        title: Words::default(),
        source: source.to_owned(),
        valid_from,
        version: 1,
        sector: None,
        based_on: None,
        not_graded: NotGraded::default(),
        weak_if_fined: false,
        groups: Vec::new(),
        note: Words::default(),
        bands: vec![Band { grade: Grade::Good, from: 80 }],
        criteria: Vec::new(),
    };
    Pack {
        id: "test".to_owned(),
        document: Document {
            number: String::new(),
            kind: "plan".to_owned(),
            issued: Date::constant(2023, 5, 15),
            effective: Date::constant(2023, 5, 15),
            issuer: Words::default(),
            signer: String::new(),
            title: Words::default(),
            implements: Vec::new(),
            note: Words::default(),
        },
        setting: Setting {
            unit: "20".to_owned(),
            geography: Date::constant(2023, 5, 15),
            year_first: 2019,
            year_last: 2026,
        },
        standing: StandingRule::default(),
        objectives: Vec::new(),
        headings: Vec::new(),
        indicators: Vec::new(),
        series: Vec::new(),
        breaks: Vec::new(),
        targets: Vec::new(),
        qualitative: Vec::new(),
        agencies: Vec::new(),
        task_groups: Vec::new(),
        feedback: None,
        ladder: Vec::new(),
        tasks: Vec::new(),
        accepted: Vec::new(),
        law: Law::default(),
        cascades: Vec::new(),
        certificate_kinds: Vec::new(),
        practices: Vec::new(),
        programmes: vec![
            programme("tu-van", Policy::Market, Some(120_000_000), None),
            programme("ha-tang", Policy::Infrastructure, None, Some(900_000_000_000)),
        ],
        support_ceilings: vec![Ceiling {
            id: "ca-hai".to_owned(),
            title: Words::default(),
            programmes: vec!["tu-van".to_owned(), "ha-tang".to_owned()],
            per_organisation: 700_000_000,
        }],
        calendar: Vec::new(),
        forms: vec![Form {
            id: Form::ANNUAL_RETURN.to_owned(),
            version: 1,
            title: Words::default(),
            note: Words::default(),
            applies_to: Kind::ALL.iter().map(|kind| kind.code().to_owned()).collect(),
            sections: Vec::new(),
            checks: Vec::new(),
            fields: vec![
                field("members_total", FieldType::Count),
                field("members_female", FieldType::Count),
                field("members_poor", FieldType::Count),
                field("workers", FieldType::Count),
                field("workers_female", FieldType::Count),
                field("revenue", FieldType::Money),
                field("revenue_members", FieldType::Money),
                field("profit_before_tax", FieldType::Money),
                field("managers", FieldType::Count),
                field("managers_college", FieldType::Count),
                field("keeps_books", FieldType::Flag),
                field("something_of_another_province", FieldType::Count),
            ],
        }],
        rulesets: vec![
            ruleset("tt01-2020", "Thông tư 01/2020/TT-BKHĐT", Date::constant(2020, 4, 1)),
            ruleset("tt09-2017", "Thông tư 09/2017/TT-BNNPTNT", Date::constant(2017, 7, 1)),
        ],
        figures: Vec::new(),
    }
}

fn province(seed: u64) -> Vec<Draft> {
    filings(seed, &places(), &pack(), UNTIL)
}

/// The hash of the whole chain, which changes with any byte of any filing.
fn chain(drafts: &[Draft]) -> Hash {
    drafts
        .iter()
        .zip(1..)
        .fold(Hash::ZERO, |before, (draft, position)| Filing::seal(draft, position, 1, before).hash)
}

/// What the test knows of an organisation while it reads the filings in their order.
struct Seen {
    kind: Kind,
    founded: Date,
    members: i64,
    effective: Date,
    suspended: bool,
    ended: Option<Date>,
    links: BTreeMap<String, bool>,
    unions: BTreeSet<OrganisationId>,
    years: BTreeSet<i16>,
}

/// Reads all filings in order and checks each against what came before; gives the organisations.
fn read(drafts: &[Draft]) -> BTreeMap<OrganisationId, Seen> {
    let places = places();
    let mut all: BTreeMap<OrganisationId, Seen> = BTreeMap::new();
    let mut codes = BTreeSet::new();
    let mut names = BTreeSet::new();
    for draft in drafts {
        let id = draft.subject.as_organisation().unwrap();
        let day = draft.effective_on;
        assert_eq!(draft.origin, Origin::Synthetic);
        assert!(draft.actor.starts_with("registrar.") || draft.actor.starts_with("officer."));
        let recorded = jiff::tz::Offset::constant(7).to_datetime(draft.recorded_at);
        assert!(day <= recorded.date(), "{draft:?}");
        assert!((7..17).contains(&recorded.hour()), "{draft:?}");
        if let Body::OrganisationEstablish(body) = &draft.body {
            let union_or_not = body.members >= members_min(body.kind, day);
            assert!(union_or_not, "{draft:?}");
            assert!(places.get(&body.seat).unwrap().exists_on(day));
            assert_eq!(body.seat_former.is_some(), day >= FIRST_NEW);
            assert!(names.insert(body.name.clone()), "{} twice", body.name);
            if let Some(code) = &body.code {
                assert!(is_tax_code(code) && codes.insert(code.clone()), "{code}");
            }
            assert!(body.kind == Kind::Group || body.code.is_some());
            let seen = Seen {
                kind: body.kind,
                founded: day,
                members: body.members,
                effective: day,
                suspended: false,
                ended: None,
                links: BTreeMap::new(),
                unions: BTreeSet::new(),
                years: BTreeSet::new(),
            };
            assert!(all.insert(id, seen).is_none());
            continue;
        }
        if let Body::UnionJoin(change) = &draft.body {
            assert_eq!(all.get(&change.union).unwrap().kind, Kind::Union);
        }
        let seen = all.get_mut(&id).expect("established before anything else");
        assert!(seen.effective <= day && seen.ended.is_none(), "{draft:?}");
        seen.effective = day;
        #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else is filed is not made up")]
        match &draft.body {
            Body::OrganisationChange(change) => {
                if let Some(members) = change.members {
                    assert!(members >= members_min(seen.kind, day));
                    seen.members = members;
                }
                if let Some(code) = &change.code {
                    assert!(is_tax_code(code) && codes.insert(code.clone()));
                }
            }
            Body::OrganisationSuspend(_) => {
                assert!(!std::mem::replace(&mut seen.suspended, true), "{draft:?}");
            }
            Body::OrganisationResume(_) => {
                assert!(std::mem::replace(&mut seen.suspended, false));
            }
            Body::OrganisationConvert(convert) => {
                assert!(seen.kind == Kind::Group && !seen.suspended);
                assert!(seen.founded.saturating_add(jiff::Span::new().months(12)) <= day);
                assert!(convert.members >= members_min(convert.to, day));
                seen.kind = convert.to;
                seen.members = convert.members;
            }
            Body::OrganisationDissolve(_) => seen.ended = Some(day),
            Body::ReturnAccept(body) => {
                assert!(body.year >= seen.founded.year() && body.year <= recorded.year());
                let value = |field: &str| body.values.get(field).copied();
                for (part, whole) in [
                    ("members_female", "members_total"),
                    ("members_poor", "members_total"),
                    ("workers_female", "workers"),
                    ("managers_college", "managers"),
                ] {
                    if let (Some(part), Some(whole)) = (value(part), value(whole)) {
                        assert!((0..=whole).contains(&part), "{draft:?}");
                    }
                }
                assert!(value("keeps_books").is_none_or(|flag| flag == 0 || flag == 1));
                seen.years.insert(body.year);
            }
            Body::GradeDecide(body) => {
                assert!(seen.kind != Kind::Group);
                assert_eq!(body.grade, Grade::of_score(body.score_tenths));
                let year_end = Date::constant(body.year, 12, 31);
                assert!(seen.founded.saturating_add(jiff::Span::new().months(12)) <= year_end);
            }
            Body::LinkSign(link) => {
                assert!(link.stages.contains(&Stage::Sale));
                assert!(link.to.is_none_or(|to| to > day));
                assert!(seen.links.insert(link.link.clone(), true).is_none());
            }
            Body::LinkChange(change) => {
                assert_eq!(seen.links.get(&change.link), Some(&true), "{draft:?}");
                assert!(change.to.is_none_or(|to| to > day));
            }
            Body::LinkEnd(end) => {
                assert_eq!(seen.links.insert(end.link.clone(), false), Some(true));
            }
            Body::ProductCertify(body) => {
                assert_eq!(body.stars.is_some(), body.kind == "ocop");
                assert!(body.to.is_none_or(|to| to > day));
            }
            // Lists that fall short of the rule are confirmed too, and do not count.
            Body::PracticeConfirm(body) => assert!(!body.items.is_empty()),
            Body::PromotionAttend(body) => assert!(!body.event.is_empty()),
            // What is granted and paid is added up in a test of its own.
            Body::Support(Support::Apply(body)) => {
                assert!(seen.kind != Kind::Group && body.amount > 0, "{draft:?}");
            }
            Body::Support(body) => assert!(!matches!(body, Support::Open(_))),
            Body::UnionJoin(change) => {
                assert!(seen.kind == Kind::Cooperative && seen.unions.insert(change.union));
            }
            Body::UnionLeave(change) => assert!(seen.unions.remove(&change.union)),
            _ => panic!("not in a made-up life: {draft:?}"),
        }
    }
    all
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(chain(&province(20)), chain(&province(20)));
}

#[test]
fn another_seed_gives_another_province() {
    assert_ne!(chain(&province(20)), chain(&province(21)));
}

#[test]
fn filings_come_in_the_order_of_recording_until_the_day() {
    let drafts = province(20);
    assert!(drafts.is_sorted_by_key(|draft| draft.recorded_at));
    let ids: BTreeSet<_> = drafts.iter().map(|draft| draft.id).collect();
    assert_eq!(ids.len(), drafts.len());
    let end = "2026-10-31T17:00:00Z".parse().unwrap();
    assert!(drafts.iter().all(|draft| draft.recorded_at < end));
}

#[test]
fn every_filing_is_possible_after_those_before_it() {
    for seed in [1, 2, 3, 20, 2023] {
        let all = read(&province(seed));
        assert!(all.len() > 1000);
    }
}

#[test]
fn the_province_has_its_size_at_the_end_of_2024() {
    for seed in [1, 20] {
        let drafts = filings(seed, &places(), &pack(), Date::constant(2025, 3, 31));
        let end = Date::constant(2024, 12, 31);
        let drafts: Vec<Draft> = drafts.into_iter().filter(|d| d.effective_on <= end).collect();
        let all = read(&drafts);
        let alive = |kind| all.values().filter(move |o| o.kind == kind && o.ended.is_none());
        let groups = alive(Kind::Group).count();
        let cooperatives = alive(Kind::Cooperative).count();
        assert!((300..=320).contains(&groups), "{groups} groups");
        assert!((490..=510).contains(&cooperatives), "{cooperatives} cooperatives");
        assert_eq!(alive(Kind::Union).count(), 3);
        let per = |kind, count: usize| {
            alive(kind).map(|o| o.members).sum::<i64>() / i64::try_from(count).unwrap()
        };
        assert!((8..=13).contains(&per(Kind::Group, groups)), "{}", per(Kind::Group, groups));
        assert!((11..=15).contains(&per(Kind::Cooperative, cooperatives)));
    }
}

#[test]
fn returns_are_missing_late_and_corrected() {
    let drafts = province(20);
    let mut returns: BTreeMap<(OrganisationId, i16), u32> = BTreeMap::new();
    let mut late = 0;
    for draft in &drafts {
        if let Body::ReturnAccept(body) = &draft.body {
            let id = draft.subject.as_organisation().unwrap();
            *returns.entry((id, body.year)).or_default() += 1;
            late += u32::from(draft.effective_on > Date::constant(body.year, 12, 15));
        }
    }
    assert!(returns.values().any(|count| *count == 2));
    assert!(late > 100);
    let filed_2025 = returns.keys().filter(|(_, year)| *year == 2025).count();
    assert!((700..900).contains(&filed_2025), "{filed_2025}");
}

#[test]
fn high_technology_and_unions_stay_within_what_the_plan_speaks_of() {
    let drafts = province(20);
    let mut technology = BTreeSet::new();
    let mut members: BTreeMap<OrganisationId, i64> = BTreeMap::new();
    for draft in &drafts {
        match &draft.body {
            Body::PracticeConfirm(body)
                if body.practice == Practice::HighTechnology
                    && body.to.is_some_and(|to| to >= UNTIL) =>
            {
                technology.insert(draft.subject.clone());
            }
            Body::UnionJoin(change) => *members.entry(change.union).or_default() += 1,
            Body::UnionLeave(change) => *members.entry(change.union).or_default() -= 1,
            _ => {}
        }
    }
    assert!((30..=60).contains(&technology.len()), "{}", technology.len());
    assert!(members.values().filter(|count| **count >= 4).count() >= 3, "{members:?}");
}

#[test]
fn a_pack_without_a_form_or_a_place_is_no_reason_to_fail() {
    let mut bare = pack();
    bare.forms.clear();
    bare.rulesets.clear();
    let drafts = filings(20, &places(), &bare, UNTIL);
    assert!(!drafts.iter().any(|d| matches!(d.body, Body::ReturnAccept(_) | Body::GradeDecide(_))));
    bare.setting.unit = "99".to_owned();
    assert!(filings(20, &places(), &bare, UNTIL).is_empty());
}

/// Every place in the ledger has a filing that could stand there: kinds that the pages show all occur.
#[test]
fn every_kind_of_event_occurs() {
    let kinds: BTreeSet<&str> = province(20).iter().map(|d| d.body.kind().code()).collect();
    assert_eq!(kinds.len(), 21, "{kinds:?}");
}

/// Whatever the seed: nothing is paid that was not granted, and no ceiling is passed.
#[test]
fn payments_stay_below_grants_and_ceilings() {
    for seed in 0..12 {
        let drafts = province(seed);
        let mut paid: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        let mut granted: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        let mut programme_of: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for draft in &drafts {
            let who = draft.subject.0.as_str();
            let Body::Support(support) = &draft.body else { continue };
            match support {
                Support::Open(_) => panic!("the pack opens programmes"),
                Support::Apply(body) => {
                    programme_of.insert((who, &body.application), &body.programme);
                }
                Support::Decide(body) => {
                    granted.insert((who, &body.application), body.amount);
                }
                Support::Pay(body) => {
                    *paid.entry((who, &body.application)).or_default() += body.amount;
                }
                Support::Repay(body) => {
                    *paid.entry((who, &body.application)).or_default() -= body.amount;
                }
                Support::Cancel(body) => {
                    assert!(!paid.contains_key(&(who, body.application.as_str())));
                }
            }
        }
        assert!(paid.len() > 20, "seed {seed}: {}", paid.len());
        let mut of_programme: BTreeMap<&str, i64> = BTreeMap::new();
        let mut of_both: BTreeMap<&str, i64> = BTreeMap::new();
        let mut of_consulting: BTreeMap<&str, i64> = BTreeMap::new();
        for (key, paid) in paid {
            assert!(0 < paid && paid <= granted[&key], "seed {seed}: {key:?} {paid}");
            let (who, programme) = (key.0, programme_of[&key]);
            *of_programme.entry(programme).or_default() += paid;
            *of_both.entry(who).or_default() += paid;
            if programme == "tu-van" {
                *of_consulting.entry(who).or_default() += paid;
            }
        }
        assert!(of_consulting.values().all(|paid| *paid <= 120_000_000), "seed {seed}");
        assert!(of_both.values().all(|paid| *paid <= 700_000_000), "seed {seed}");
        assert!(of_programme["ha-tang"] <= 900_000_000_000, "seed {seed}");
    }
}
