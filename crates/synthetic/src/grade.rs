//! Grades of cooperatives and unions, year by year.

use hoptac_model::date::{year_end, year_start};
use hoptac_model::filing::{Body, GradeDecide};
use hoptac_model::organisation::{Grade, Kind, Sector};
use hoptac_model::pack::{Pack, Ruleset};
use jiff::civil::Date;

use crate::chance::{Chance, months_after, nearest, real};
use crate::life::Life;
use crate::record::Event;

/// The first and the last year that are graded here.
pub(crate) const YEARS: (i16, i16) = (2019, 2025);

/// Points of the worst run organisation in the first year, what the best adds to that, and what a year adds to all: about
/// a third are good or fair in 2019, about half in 2025.
const POINTS: (f64, f64, f64) = (36.0, 45.0, 1.2);

/// Days without business after which a year is not graded: three months [Circular 01/2020/TT-BKHĐT].
const PAUSE_DAYS_MAX: i32 = 90;

/// The decided grades of a life.
pub(crate) fn events(life: &Life, pack: &Pack, last_year: i16, chance: &mut Chance) -> Vec<Event> {
    let mut events = Vec::new();
    for year in YEARS.0..=YEARS.1.min(last_year) {
        let passed = real(i64::from(year - YEARS.0));
        // Not everybody scores; more do every year.
        let scores = chance.yes(0.58 + 0.05 * passed);
        let points = POINTS.0 + POINTS.1 * life.quality + POINTS.2 * passed + 4.0 * chance.bell();
        let tenths = nearest(points * 10.0).clamp(150, 1000);
        let farms = life.activity.sector() == Sector::Agricultural;
        // Farm cooperatives are graded after their yearly meeting, the others with the yearly return.
        let on = if farms && chance.yes(0.6) {
            chance.day(Date::constant(year + 1, 4, 1), Date::constant(year + 1, 4, 28))
        } else {
            chance.day(Date::constant(year, 12, 18), Date::constant(year, 12, 21))
        };
        let ruleset = ruleset(pack, farms, on);
        if !scores || !gradable(life, year) || !life.exists_on(on) {
            continue;
        }
        let (Some(ruleset), Ok(score_tenths)) = (ruleset, i32::try_from(tenths)) else { continue };
        let body = GradeDecide {
            year,
            ruleset: ruleset.id.clone(),
            score_tenths,
            grade: Grade::of_score(score_tenths),
            sheet: None,
        };
        let actor = if farms { "officer.agriculture" } else { "officer.alliance" };
        events.push(Event::new(on, actor, Body::GradeDecide(body)));
    }
    events
}

/// Whether the law has a year of an organisation graded: no group, nobody in the first twelve months, nobody who paused for
/// longer than three months.
fn gradable(life: &Life, year: i16) -> bool {
    let end = year_end(year);
    life.kind_on(year_start(year)) != Kind::Group
        && months_after(life.of_kind_since(end), 12) <= end
        && life.exists_on(end)
        && life.suspended_days(year) <= PAUSE_DAYS_MAX
}

/// The rules in force on the day of decision: those for farm cooperatives where there are such, else the general ones.
fn ruleset(pack: &Pack, farms: bool, on: Date) -> Option<&Ruleset> {
    let for_farms = |ruleset: &&Ruleset| ruleset.source.contains("BNNPTNT");
    let in_force = || pack.rulesets.iter().filter(|ruleset| ruleset.valid_from <= on);
    in_force()
        .filter(|ruleset| for_farms(ruleset) == farms)
        .max_by_key(|ruleset| ruleset.valid_from)
        .or_else(|| in_force().find(|ruleset| farms || !for_farms(ruleset)))
}
