//! Formulas as SQL, and what SQL makes of them beside what the engine does.

use std::collections::BTreeMap;
use std::path::Path;

use hoptac_model::fact::Catalogue;
use hoptac_model::figure::{Figure, FigureStatus};
use hoptac_model::formula::Formula;
use hoptac_model::pack::Pack;
use hoptac_model::text::Words;
use hoptac_model::whole::Wholes;
use jiff::civil::date;

use crate::compare::{self, Comparison};
use crate::export::{self, Source};
use crate::manifest::{Definition, Manifest};
use crate::process::Watch;
use crate::run::{self, Figures, Plan, Where};
use crate::sql::{Ground, Lowered};
use crate::statement::{Asked, Part};
use crate::{definitions, source};

/// The columns of the benchmark's facts.
fn ground() -> Ground {
    let pack = definitions::pack(&(0..1)).unwrap();
    Ground { catalogue: Catalogue::new(pack.annual_return()), sizes: BTreeMap::new() }
}

/// Holds the SQL of an aggregate that adds up against what is wanted.
#[track_caller]
fn check(formula: &str, want: &str) {
    let ground = ground();
    let formula = Formula::parse(formula, &ground.catalogue).unwrap();
    let mut found = String::new();
    formula.tree().each_aggregate(&mut |aggregate| {
        found = match ground.aggregate(aggregate).unwrap() {
            Lowered::Count(piece) | Lowered::Added { piece, .. } => piece.own,
            other @ (Lowered::Average { .. }
            | Lowered::Middle { .. }
            | Lowered::Different { .. }) => format!("{other:?}"),
        };
    });
    assert_eq!(found, want);
}

#[test]
fn a_count_with_conditions() {
    check(
        "COUNT(*) FILTER (WHERE kind = 'HTX' AND registered AND NOT suspended)",
        r#"count(*) FILTER (WHERE (("kind" = 'HTX') AND "registered" AND (NOT "suspended")))"#,
    );
}

#[test]
fn a_sum_of_a_column_is_exact() {
    check("SUM(revenue)", r#"sum("revenue")"#);
}

#[test]
fn a_bound_that_is_whole_is_compared_as_it_stands() {
    check(
        "COUNT(*) FILTER (WHERE revenue >= 5000000000)",
        r#"count(*) FILTER (WHERE ("revenue" >= 5000000000))"#,
    );
    check(
        "COUNT(*) FILTER (WHERE revenue >= 0.5)",
        r#"count(*) FILTER (WHERE (CAST("revenue" AS DOUBLE) >= 0.5))"#,
    );
}

#[test]
fn a_division_by_zero_is_missing() {
    check(
        "SUM(revenue / members_total)",
        "sum(NULLIF(NULLIF((CAST(\"revenue\" AS DOUBLE) / NULLIF(CAST(\"members_total\" AS DOUBLE), 0.0)), \
         CAST('Infinity' AS DOUBLE)), CAST('-Infinity' AS DOUBLE)))",
    );
}

#[test]
fn an_organisation_has_one_row_in_a_year() {
    check(
        "COUNT(DISTINCT organisation) FILTER (WHERE linked)",
        r#"count("organisation") FILTER (WHERE "linked")"#,
    );
}

#[test]
fn a_sum_too_large_for_64_bits_is_decimal() {
    let mut ground = ground();
    ground.sizes.insert("revenue".to_owned(), i128::from(i64::MAX) + 1);
    let formula = Formula::parse("SUM(revenue)", &ground.catalogue).unwrap();
    formula.tree().each_aggregate(&mut |aggregate| {
        let Lowered::Added { piece, .. } = ground.aggregate(aggregate).unwrap() else { panic!() };
        assert_eq!(piece.own, r#"sum(CAST("revenue" AS DECIMAL(38, 0)))"#);
    });
}

fn definition(numerator: &str) -> Definition {
    Definition {
        id: "x".to_owned(),
        version: 1,
        valid_from: date(2026, 1, 1),
        numerator: numerator.to_owned(),
        denominator: None,
        denominator_figure: None,
        scale: 1.0,
        sql: None,
        untranslatable: None,
    }
}

#[test]
fn what_cannot_be_said_is_named() {
    let why = |formula: &str| Asked::new(&definition(formula), &ground()).unwrap_err().to_string();
    assert_eq!(why("SUM(membres)"), "the formula cannot be read: there is no column `membres`");
}

#[test]
fn parts_are_asked_by_what_is_hardest_in_them() {
    let part = |formula: &str| Asked::new(&definition(formula), &ground()).unwrap().part();
    assert_eq!(part("SUM(revenue) / COUNT(*)"), Part::Rows);
    assert_eq!(part("MEDIAN(revenue) / COUNT(*)"), Part::Medians);
    assert_eq!(part("COUNT(DISTINCT link_partners)"), Part::Distinct);
    assert_eq!(part("COUNT(DISTINCT roll_persons) / COUNT(DISTINCT kind)"), Part::Persons);
}

/// Formulas in which every node of the tree comes up, each with a denominator or none.
const FORMULAS: [(&str, &str); 40] = [
    ("COUNT(DISTINCT vsic)", ""),
    ("COUNT(DISTINCT kind) FILTER (WHERE registered)", ""),
    ("COUNT(DISTINCT commune)", "COUNT(DISTINCT organisation)"),
    ("COUNT(DISTINCT main_partner)", ""),
    ("COUNT(DISTINCT registered)", ""),
    ("COUNT(DISTINCT members_total - workers_total)", ""),
    ("COUNT(DISTINCT members_total * 0)", ""),
    ("COUNT(DISTINCT CASE WHEN revenue > 1000000000 THEN 'HTX' ELSE kind END)", ""),
    ("COUNT(roll_persons)", "COUNT(link_partners)"),
    ("COUNT(kind)", "COUNT(commune)"),
    ("COUNT(grade_code) FILTER (WHERE grade_code IN (1, 2, NULL))", ""),
    ("AVG(revenue)", ""),
    ("AVG(revenue) FILTER (WHERE revenue_export > 0)", "AVG(members_total)"),
    ("AVG(revenue / members_total)", ""),
    ("SUM(revenue / workers_total)", "COUNT(revenue / workers_total)"),
    ("SUM(profit_net * 0.5)", ""),
    ("SUM(members_total * members_total - workers_total)", ""),
    ("MIN(profit_net)", "MAX(revenue)"),
    ("MAX(revenue / NULLIF(members_total, 7))", ""),
    ("MEDIAN(revenue) FILTER (WHERE kind = 'HTX')", ""),
    ("MEDIAN(revenue / members_total)", "MEDIAN(members_total)"),
    ("MEDIAN(CASE WHEN vietgap THEN revenue END)", ""),
    ("SUM(CASE WHEN kind = 'HTX' THEN revenue WHEN kind = 'THT' THEN 0 - revenue ELSE 1 END)", ""),
    ("SUM(COALESCE(grade_code, worker_income, 5))", ""),
    ("SUM(-grade_code)", ""),
    ("COUNT(*) FILTER (WHERE grade_code IS NULL AND return_filed)", ""),
    ("COUNT(*) FILTER (WHERE grade_code IS NOT NULL OR return_late)", ""),
    ("COUNT(*) FILTER (WHERE NOT (vietgap OR organic) AND digital_tools)", ""),
    ("COUNT(*) FILTER (WHERE kind <> 'HTX' AND sector = 'agricultural')", ""),
    ("COUNT(*) FILTER (WHERE kind IN ('HTX', 'LHHTX'))", "COUNT(*)"),
    ("COUNT(*) FILTER (WHERE revenue BETWEEN 1000000000 AND 2000000000.5)", ""),
    (
        "COUNT(*) FILTER (WHERE return_late = TRUE)",
        "COUNT(*) FILTER (WHERE return_late <> vietgap)",
    ),
    ("COUNT(*) FILTER (WHERE COALESCE(vietgap, operating))", ""),
    ("COUNT(*) FILTER (WHERE NULLIF(kind, 'HTX') IS NULL)", ""),
    ("COUNT(*) FILTER (WHERE CASE WHEN age > 5 THEN vietgap ELSE operating END)", ""),
    ("COUNT(*) FILTER (WHERE year >= 2020 AND profit_net / revenue > 0.05)", ""),
    ("COALESCE(SUM(revenue), 0) - COALESCE(SUM(cost), 0)", "NULLIF(COUNT(*), 3)"),
    ("-SUM(revenue) * 2 / NULLIF(COUNT(*) - 1, 0)", ""),
    (
        "NULLIF(COUNT(DISTINCT roll_persons) FILTER (WHERE kind = 'HTX' AND registered), 0)",
        "SUM(members_total)",
    ),
    (
        "COUNT(DISTINCT link_partners) FILTER (WHERE sector = 'agricultural' AND organisation IS NOT NULL)",
        "COUNT(*)",
    ),
];

/// A plan of the benchmark with other formulas, the last one divided by a published figure.
fn odd_plan() -> Pack {
    let mut pack = definitions::pack(&(0..1)).unwrap();
    let like = pack.indicators.first().cloned().unwrap();
    pack.indicators.clear();
    for (number, (above, below)) in FORMULAS.into_iter().enumerate() {
        let mut indicator = like.clone();
        indicator.id = format!("odd-{number}").as_str().into();
        indicator.numerator = above.to_owned();
        indicator.denominator = (!below.is_empty()).then(|| below.to_owned());
        indicator.scale = 100.0;
        pack.indicators.push(indicator);
    }
    let mut indicator = like;
    indicator.id = "per-head".into();
    indicator.denominator_figure = Some("population".into());
    pack.indicators.push(indicator);
    for (unit, year, value) in
        [("n", 2018, 1_000.0), ("n", 2021, 1_100.0), ("n", 2021, 1_200.0), ("c0003", 2019, 17.0)]
    {
        pack.figures.push(Figure {
            indicator: "population".into(),
            unit: unit.into(),
            as_of: date(year, 12, 31),
            value,
            status: FigureStatus::Final,
            id: format!("{unit}-{year}-{value}"),
            period: None,
            source: String::new(),
            source_date: None,
            source_url: String::new(),
            note: Words::default(),
        });
    }
    pack
}

/// The nation of the benchmarks with another plan, and revenues of which some are very large.
fn odd_source() -> Source {
    let mut source = source::nation("s").unwrap();
    source.pack = odd_plan();
    for column in &mut source.register.return_columns {
        if column.name == "assets_total" {
            let large =
                column.values.iter().map(|value| value.map(|value| value % 7 + i64::MAX / 9));
            column.values = large.collect::<Wholes>().into();
        }
    }
    let mut indicator = source.pack.indicators.first().cloned().unwrap();
    indicator.id = "large".into();
    indicator.numerator = "SUM(assets_total)".to_owned();
    indicator.denominator = Some("AVG(assets_total)".to_owned());
    source.pack.indicators.push(indicator);
    source
}

/// Computes all figures of a folder in this process.
async fn computed(folder: &Path) -> (Manifest, Plan, Figures) {
    let manifest = Manifest::open(folder).unwrap();
    let plan = Plan::new(&manifest).unwrap();
    let session = run::open(folder, &Where::Here { memory: None }, 2, &[]).await.unwrap();
    let watch = Watch::new("test", &[]).unwrap();
    let (figures, _) = run::compute(&session, &manifest, &plan, &Part::ALL, &watch).await.unwrap();
    (manifest, plan, figures)
}

fn against_the_engine(
    folder: &Path,
    manifest: &Manifest,
    plan: &Plan,
    figures: &Figures,
) -> Comparison {
    let engine = compare::board(folder, manifest).unwrap();
    compare::compare(manifest, plan, &Part::ALL, &engine, figures)
}

#[tokio::test]
async fn every_node_of_a_formula_means_the_same_in_sql() {
    let folder = tempfile::tempdir().unwrap();
    export::write(&odd_source(), folder.path()).unwrap();
    let (manifest, plan, mut figures) = computed(folder.path()).await;
    let found = against_the_engine(folder.path(), &manifest, &plan, &figures);
    assert!(found.holds(), "{found:#?}");
    // Every formula has a value somewhere, or it would be equal for nothing.
    for (at, definition) in manifest.indicators.iter().enumerate() {
        let valued = (0..manifest.units.len()).any(|unit| {
            (0..manifest.years.len()).any(|year| {
                let [_, _, value] = figures.cell(at, year, unit);
                value != 0.0 && !value.is_nan()
            })
        });
        assert!(valued, "{} has no value anywhere", definition.id);
    }

    // One figure that is another is found and named.
    let [above, below, value] = figures.cell(11, 4, 9);
    figures.set(11, 4, 9, [above, below, value + value * 1e-15]).unwrap();
    let found = against_the_engine(folder.path(), &manifest, &plan, &figures);
    assert_eq!((found.holds(), found.apart), (false, 1));
    let (unit, year) = (&manifest.units[9].id, manifest.years[4].year);
    assert!(
        found.told[0].starts_with(&format!("odd-11 for {unit} ({unit}) in {year}: the engine has")),
        "{found:#?}"
    );
}

#[tokio::test]
async fn an_indicator_that_cannot_be_read_is_told_and_fails() {
    let mut source = source::nation("s").unwrap();
    source.pack = definitions::pack(&(0..3)).unwrap();
    source.pack.indicators[1].numerator = "SUM(membres)".to_owned();
    let folder = tempfile::tempdir().unwrap();
    let manifest = export::write(&source, folder.path()).unwrap();
    let said: Vec<bool> = manifest.indicators.iter().map(|one| one.sql.is_some()).collect();
    assert_eq!(said, [true, false, true]);
    let (manifest, plan, figures) = computed(folder.path()).await;
    let found = against_the_engine(folder.path(), &manifest, &plan, &figures);
    assert!(!found.holds());
    assert_eq!(
        found.unsaid,
        ["cooperatives: the formula cannot be read: there is no column `membres`"]
    );
}
