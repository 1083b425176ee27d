//! What if: the forecasts of the territory under a scenario, quickly enough to follow as one types.
//!
//! The flow model of the forecast is drawn for the territory as one place, with the same seed for every scenario, so that two
//! scenarios differ by what they assume and not by chance. Formation, closure and conversion are scaled, or so many founded
//! a year are added; shares move so many points a year more. A unit's change weighs what the unit has of the foundings.
//! Targets set for each unit are left out, and no method gives way to a naive drift, which could not answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use hoptac_model::forecast::Forecast;
use hoptac_model::register::Register;
use hoptac_model::scenario::{Change, Setting};
use hoptac_model::target::{Baseline, Scope};
use hoptac_model::text::Words;
use hoptac_model::unit::Places;
use hoptac_model::words;

use super::fan::Speaker;
use super::flows::{Draws, Rates, Tuning};
use super::projection::{Projection, Tallies, World};
use super::shape::KINDS;
use super::{Met, PATHS, readings, steps};
use crate::board::Board;

/// Forecasts the targets of the territory under a scenario; an empty one is what is expected.
pub fn what_if(
    board: &Board,
    register: &Register,
    places: &Places,
    settings: &[Setting],
    seed: u64,
) -> Result<Vec<Forecast>, Words> {
    let read_anew = settings
        .iter()
        .any(|one| matches!(one, Setting::Reading { .. } | Setting::Baseline { .. }));
    let other = if read_anew { Some(reread(board, settings)?) } else { None };
    let board = other.as_ref().unwrap_or(board);
    let readings = readings(board);
    let steps = steps(board);
    let world = World::new(board, &board.measured, &readings, register, places);
    let years = world.history.years.len();
    let inner = world.inner();
    let mut rates = Rates::fit(&world.history, years, true, &inner);
    rates.tuning = tuning(&world, settings)?;
    let draws = Draws::new(&rates, &steps, PATHS, seed);
    let mut projection = Projection::new(&world, years, &steps, PATHS, seed);
    assume(board, &mut projection, settings)?;
    let mut tallies = Tallies::new(PATHS, steps.len());
    let base = world.tally(0, years.saturating_sub(1));
    draws.run(0, &world.start_of_all(years), &base, &mut tallies.values);
    let Some(spot) = world.measured.geography.spot(0) else { return Ok(Vec::new()) };
    let (back_tests, met) = (BTreeMap::new(), Met::new(&world, 0));
    let speaker = Speaker {
        world: &world,
        projection: &projection,
        place: 0,
        unit: &spot.unit,
        tallies: &tallies,
        back_tests: &back_tests,
        met: &met,
        beside: None,
        paths: PATHS,
    };
    let of_all = |forecast: &Forecast| {
        board.frame.pack.target(&forecast.target).is_some_and(|target| target.scope == Scope::Plan)
    };
    Ok(speaker.all().into_iter().filter(of_all).collect())
}

/// The board with its targets read another way.
fn reread(board: &Board, settings: &[Setting]) -> Result<Board, Words> {
    let mut board = board.clone();
    for setting in settings {
        let (Setting::Reading { target: id, .. } | Setting::Baseline { target: id, .. }) = setting
        else {
            continue;
        };
        let (first, last) = (board.years().first().copied(), board.years().last().copied());
        let targets = &mut Arc::make_mut(&mut board.frame).pack.targets;
        let Some(target) = targets.iter_mut().find(|target| target.id == *id) else {
            return Err(no_target(id.as_str()));
        };
        match setting {
            Setting::Reading { reading, .. } => {
                let found = target.readings.iter().find(|one| one.id == *reading);
                let Some(found) = found else {
                    let known: Vec<&str> =
                        target.readings.iter().map(|one| one.id.as_str()).collect();
                    return Err(words!(
                        "{id} không có cách hiểu `{reading}`; có {known}",
                        "{id} has no reading `{reading}`; it has {known}",
                        id = id.as_str(),
                        reading,
                        known = known.join(", ")
                    ));
                };
                target.indicator = found.indicator.clone();
            }
            Setting::Baseline { day, .. } => {
                let year = day.year();
                let is_end = *day == hoptac_model::date::year_end(year);
                let known = first.is_some_and(|first| first <= year)
                    && last.is_some_and(|last| year < last);
                if !(is_end && known) {
                    return Err(words!(
                        "mốc đầu phải là ngày cuối của một năm đã qua trong sổ đăng ký",
                        "a baseline must be the last day of a past year of the register"
                    ));
                }
                target.baseline = Some(Baseline::Register { as_of: *day });
            }
            Setting::Formation { .. }
            | Setting::Closure { .. }
            | Setting::Conversion { .. }
            | Setting::Share { .. }
            | Setting::Population { .. } => {}
        }
    }
    Ok(board)
}

fn no_target(id: &str) -> Words {
    words!("kế hoạch không có chỉ tiêu `{id}`", "the plan has no target `{id}`", id)
}

/// How the flows of the territory change.
fn tuning(world: &World<'_>, settings: &[Setting]) -> Result<Tuning, Words> {
    let mut tuning = Tuning::default();
    let geography = &world.measured.geography;
    let by_place = settings
        .iter()
        .any(|one| matches!(one, Setting::Formation { unit: Some(_), .. }))
        .then(|| Rates::fit(&world.history, world.history.years.len(), false, &world.inner()));
    for setting in settings {
        match setting {
            Setting::Formation { kind, unit, change } => {
                let Some(at) = KINDS.iter().position(|known| known == kind) else { continue };
                let share = match unit {
                    None => 1.0,
                    Some(named) => {
                        let found = geography.spots().iter().position(|spot| {
                            spot.unit.code == *named || spot.unit.id.as_str() == named
                        });
                        let Some(place) = found else {
                            return Err(words!(
                                "`{named}` không phải là đơn vị của địa bàn vào ngày này",
                                "`{named}` is no unit of the territory on this day",
                                named
                            ));
                        };
                        let of = geography.subtree(place);
                        by_place.as_ref().map_or(0.0, |rates| rates.share(at, of))
                    }
                };
                let (Some(founded), Some(more)) =
                    (tuning.founded.get_mut(at), tuning.more.get_mut(at))
                else {
                    continue;
                };
                match change {
                    Change::Percent(percent) => *founded += share * percent / 100.0,
                    Change::PerYear(count) => *more += count,
                }
            }
            Setting::Closure { kind, percent } => {
                let at = KINDS.iter().position(|known| known == kind);
                if let Some(closed) = at.and_then(|at| tuning.closed.get_mut(at)) {
                    *closed = 1.0 + percent / 100.0;
                }
            }
            Setting::Conversion { percent } => tuning.converted = 1.0 + percent / 100.0,
            Setting::Share { .. }
            | Setting::Population { .. }
            | Setting::Reading { .. }
            | Setting::Baseline { .. } => {}
        }
    }
    Ok(tuning)
}

/// How shares and populations change.
fn assume(
    board: &Board,
    projection: &mut Projection<'_>,
    settings: &[Setting],
) -> Result<(), Words> {
    for setting in settings {
        match setting {
            Setting::Share { target, per_year } => {
                let found = board.frame.pack.target(target);
                let index = found.and_then(|target| board.indicator_index(&target.indicator));
                let Some(index) = index else { return Err(no_target(target.as_str())) };
                if !projection.walks(index) {
                    return Err(words!(
                        "{target} không phải là tỷ lệ hay số bình quân có dự báo",
                        "{target} is no share or average with a forecast",
                        target = target.as_str()
                    ));
                }
                projection.shift(index, *per_year);
            }
            Setting::Population { series, value } => {
                if !projection.divide_by(series, *value) {
                    return Err(words!(
                        "không chỉ tiêu nào chia cho `{series}`",
                        "no target is divided by `{series}`",
                        series = series.as_str()
                    ));
                }
            }
            Setting::Formation { .. }
            | Setting::Closure { .. }
            | Setting::Conversion { .. }
            | Setting::Reading { .. }
            | Setting::Baseline { .. } => {}
        }
    }
    Ok(())
}
