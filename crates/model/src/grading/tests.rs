//! The calculator on a ruleset small enough to add up in the head.

use super::*;
use crate::pack::{Band, NotGraded, PointBand, PointGroup};

/// Two criteria of finance with maxima and bands, two of benefit that give 40 together and nobody knows how.
fn ruleset() -> Ruleset {
    let criterion = |no, part: &str, group: &str, max| Criterion {
        no,
        part: part.to_owned(),
        group: group.to_owned(),
        name: Words::new("tiêu chí", "criterion"),
        max,
        rule: "entered".to_owned(),
        bands: Vec::new(),
        field: None,
        status: "verified".to_owned(),
    };
    let group = |id: &str, max| PointGroup {
        id: id.to_owned(),
        title: Words::new(id, id),
        max: Some(max),
        status: "verified".to_owned(),
    };
    let mut revenue = criterion(1, "b", "I", Some(10));
    revenue.rule = "bands".to_owned();
    revenue.bands =
        [(5000, 10), (1000, 6), (0, 4)].map(|(from, points)| PointBand { from, points }).to_vec();
    revenue.field = Some("revenue".to_owned());
    Ruleset {
        id: "thu".to_owned(),
        version: 1,
        title: Words::default(),
        source: String::new(),
        valid_from: Date::constant(2020, 1, 1),
        note: Words::default(),
        sector: None,
        based_on: None,
        not_graded: NotGraded { founded_under_months: Some(12), stopped_over_months: Some(3) },
        weak_if_fined: true,
        bands: [(Grade::Good, 80), (Grade::Fair, 65), (Grade::Average, 50), (Grade::Weak, 0)]
            .map(|(grade, from)| Band { grade, from })
            .to_vec(),
        groups: vec![group("I", 60), group("II", 40)],
        criteria: vec![
            criterion(1, "a", "I", Some(50)),
            revenue,
            criterion(2, "", "II", None),
            criterion(3, "", "II", None),
        ],
    }
}

fn candidate() -> Candidate {
    Candidate {
        year: 2024,
        founded_on: Date::constant(2019, 5, 6),
        sector: Sector::Agricultural,
        stops: Vec::new(),
        returned: BTreeMap::new(),
    }
}

fn sheet(scores: &[(&str, i32)]) -> Sheet {
    let score = |(key, tenths): &(&str, i32)| {
        ((*key).to_owned(), Score { tenths: *tenths, ..Score::default() })
    };
    Sheet { scores: scores.iter().map(score).collect(), fined: false }
}

#[track_caller]
fn check(sheet: &Sheet, who: &Candidate, want: &[&str]) -> Assessment {
    let assessment = assess(&ruleset(), sheet, who);
    let codes: Vec<&str> = assessment.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, want, "{:#?}", assessment.findings);
    assessment
}

/// 45 and 6 and 20 and 15.5 are 86.5.
fn sound() -> Sheet {
    sheet(&[("1a", 450), ("1b", 60), ("2", 200), ("3", 155)])
}

#[test]
fn points_add_up_and_the_grade_follows() {
    let assessment = check(&sound(), &candidate(), &[]);
    assert_eq!(assessment.total_tenths, 865);
    assert_eq!(assessment.grade, Some(Grade::Good));
    let groups: Vec<i32> = assessment.groups.iter().map(|group| group.tenths).collect();
    assert_eq!(groups, [510, 355]);
}
#[test]
fn every_point_says_where_it_comes_from() {
    let assessment = check(&sound(), &candidate(), &[]);
    let why: Vec<&str> = assessment.points.iter().map(|point| point.why.en.as_str()).collect();
    assert_eq!(
        why,
        [
            "45 points as entered, at most 50",
            "6 points as entered, at most 10",
            "20 points as entered, maximum unknown",
            "15.5 points as entered, maximum unknown",
        ]
    );
    assert_eq!(assessment.not_verified.len(), 2);
    assert!(assessment.not_verified[1].vi.contains("2, 3"), "{:?}", assessment.not_verified);
}
#[test]
fn a_total_on_an_edge_has_the_better_grade() {
    for (last, want) in [(85, Grade::Fair), (90, Grade::Good)] {
        let sheet = sheet(&[("1a", 450), ("1b", 60), ("2", 200), ("3", last)]);
        assert_eq!(check(&sheet, &candidate(), &[]).grade, Some(want));
    }
}
#[test]
fn a_score_above_its_maximum() {
    let sheet = sheet(&[("1a", 501), ("1b", 60), ("2", 0), ("3", -1)]);
    check(&sheet, &candidate(), &["grade.above-maximum", "grade.above-maximum"]);
}
#[test]
fn a_group_above_its_total() {
    let sheet = sheet(&[("1a", 450), ("1b", 60), ("2", 200), ("3", 201)]);
    check(&sheet, &candidate(), &["grade.group-above-maximum"]);
}
#[test]
fn a_criterion_that_is_not_there() {
    let sheet = sheet(&[("1a", 450), ("1b", 60), ("2", 200), ("3", 0), ("9z", 5)]);
    check(&sheet, &candidate(), &["grade.criterion"]);
}
#[test]
fn a_criterion_without_a_score_adds_nothing_and_is_said() {
    let sheet = sheet(&[("1a", 450), ("1b", 60), ("2", 200)]);
    let assessment = check(&sheet, &candidate(), &["grade.criterion-missing"]);
    assert_eq!(assessment.total_tenths, 710);
    assert!(!assessment.is_complete());
    assert_eq!(assessment.span(), Span { least_tenths: 710, most_tenths: 1000 });
}
#[test]
fn bands_give_the_points_of_a_value() {
    for (value, want) in [(-1, 0), (0, 4), (999, 4), (1000, 6), (4999, 6), (5000, 10)] {
        let mut sheet = sound();
        sheet.scores.remove("1b");
        let mut who = candidate();
        who.returned.insert("revenue".to_owned(), value);
        let assessment = check(&sheet, &who, &[]);
        assert_eq!(assessment.points[1].tenths, Some(want * 10), "{value}");
        assert_eq!(assessment.points[1].basis, Basis::Return);
    }
}
#[test]
fn an_entered_value_is_held_against_its_score() {
    let mut sheet = sound();
    sheet.scores.get_mut("1b").unwrap().measured = Some(1200);
    assert_eq!(check(&sheet, &candidate(), &[]).points[1].basis, Basis::Bands);
    sheet.scores.get_mut("1b").unwrap().measured = Some(900);
    check(&sheet, &candidate(), &["grade.not-by-bands"]);
}
#[test]
fn who_was_fined_is_weak() {
    let mut sheet = sound();
    sheet.fined = true;
    let assessment = check(&sheet, &candidate(), &[]);
    assert_eq!((assessment.by_points, assessment.grade), (Grade::Good, Some(Grade::Weak)));
    let mut lenient = ruleset();
    lenient.weak_if_fined = false;
    assert_eq!(assess(&lenient, &sheet, &candidate()).grade, Some(Grade::Good));
}
#[test]
fn twelve_months_by_the_end_of_the_year() {
    for (founded, graded) in [((2023, 12, 31), true), ((2024, 1, 1), false)] {
        let who = Candidate {
            founded_on: Date::constant(founded.0, founded.1, founded.2),
            ..candidate()
        };
        assert_eq!(check(&sound(), &who, &[]).grade.is_some(), graded, "{founded:?}");
    }
}
#[test]
fn more_than_three_months_without_business() {
    type Stops<'a> = &'a [(Date, Option<Date>)];
    let day = |month, day| Date::constant(2024, month, day);
    let stops: [(Stops<'_>, bool); 6] = [
        (&[(day(2, 1), Some(day(5, 1)))], false),
        (&[(day(2, 1), Some(day(5, 2)))], true),
        (&[(Date::constant(2023, 6, 1), Some(day(4, 1)))], false),
        (&[(Date::constant(2023, 6, 1), Some(day(4, 2)))], true),
        (&[(day(10, 2), None)], false),
        (&[(day(1, 1), Some(day(2, 20))), (day(7, 1), Some(day(8, 20)))], true),
    ];
    for (stops, stopped) in stops {
        let who = Candidate { stops: stops.to_vec(), ..candidate() };
        assert_eq!(check(&sound(), &who, &[]).grade.is_none(), stopped, "{stops:?}");
    }
}
#[test]
fn a_review_lies_over_the_self_score() {
    let merged = sound().overlaid(&sheet(&[("3", 100)]));
    assert_eq!(check(&merged, &candidate(), &[]).total_tenths, 810);
}
#[test]
fn a_sheet_reads_back_and_tells_unknown_words() {
    let text = r#"{"scores":{"1a":{"tenths":45,"evidence":"báo cáo tài chính"}},"fined":true}"#;
    let sheet: Sheet = serde_json::from_str(text).unwrap();
    assert_eq!(
        serde_json::from_str::<Sheet>(&serde_json::to_string(&sheet).unwrap()).unwrap(),
        sheet
    );
    assert!(serde_json::from_str::<Sheet>(r#"{"scores":{"1a":{"points":4}}}"#).is_err());
}
