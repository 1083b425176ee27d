//! Pictures of the public side that other sites show beside a link to it: of the plan, and of each target and indicator.

use axum::extract::State;
use axum::http::HeaderMap;
use hoptac_model::pack::Indicator;
use hoptac_model::standing::Standing;
use hoptac_model::text::{Words, first_upper};
use hoptac_report::preview::{self, Preview};
use hoptac_report::svg::strip::{self, Square};

use super::{Showing, kept, showing};
use crate::app::App;
use crate::error::{PageError, PageResult};
use crate::query::{Ask, Id};
use crate::row::Shown;
use crate::shelf;

/// Where the pictures are.
const FOLDER: &str = "/cong-khai/anh/";
/// What the picture of the whole plan is called.
const PLAN: &str = "ke-hoach";

/// The address of the picture of a target or an indicator; without one, of the plan.
pub(super) fn href(ask: &Ask, about: Option<&str>) -> String {
    ask.to(&format!("{FOLDER}{}.png", about.unwrap_or(PLAN)), &[])
}

/// `/cong-khai/anh/{file}`: the picture of the plan (`ke-hoach.png`), a target or an indicator (`T30-01.png`).
pub(crate) async fn picture(
    State(app): State<App>,
    Id(name): Id,
    headers: HeaderMap,
    ask: Ask,
) -> PageResult {
    let showing = showing(&app, ask).await?;
    let wanted = name.strip_suffix(".png").and_then(|id| showing.preview(id));
    let Some(wanted) = wanted else {
        let heading =
            showing.voice().say_with("error-no-picture", &[("name", name.as_str().into())]);
        return Err(PageError::not_found(&app, &showing.ask, heading, &name, Vec::new()));
    };
    let published = &showing.view.published;
    let made = shelf::read(
        published,
        |state| &state.kept.previews,
        wanted,
        |_, wanted| preview::png(wanted),
    );
    let made = made.await;
    let Some(png) = made.as_ref() else { return Err(PageError::no_page(&app, showing.ask)) };
    Ok(kept(&headers, "image/png", png.clone()))
}

impl Showing {
    /// What the picture of a name shows. It takes no figure that the pages hide.
    fn preview(&self, id: &str) -> Option<Preview> {
        let pack = self.view.pack();
        if id == PLAN {
            return Some(self.preview_of_plan());
        }
        if let Some(target) = pack.targets.iter().find(|target| target.id.as_str() == id) {
            let indicator = pack.indicator(&target.indicator)?;
            let row = self.view.board.row(&target.id, None, &self.view.unit.id);
            let voice = self.voice();
            let shown = row.as_ref().map(|row| Shown { target, indicator, row, voice });
            return Some(self.preview_of(indicator, &target.label, shown.as_ref()));
        }
        let indicator = pack.indicators.iter().find(|one| one.id.as_str() == id)?;
        Some(self.preview_of(indicator, &indicator.short, None))
    }

    fn preview_of(
        &self,
        indicator: &Indicator,
        label: &Words,
        shown: Option<&Shown<'_>>,
    ) -> Preview {
        let voice = self.voice();
        let empty = Preview {
            heading: label.get(voice.0).to_owned(),
            line: voice.say("public-hidden-whole"),
            ..self.preview_without_figure()
        };
        if self.hides(indicator, &self.view.unit) {
            return empty;
        }
        let year = self.view.board.as_of().year();
        let in_year = voice.say_with("preview-year", &[("year", year.to_string().into())]);
        let is_bare = indicator.sign().is_empty() && !shown.is_some_and(Shown::counts_units);
        let counted = if is_bare {
            format!("{}, {in_year}", indicator.unit_words().get(voice.0))
        } else {
            in_year
        };
        let Some(shown) = shown else {
            let value = self.amount(indicator, &self.view.unit, year);
            return Preview { figure: Some((value, counted)), line: String::new(), ..empty };
        };
        let goal = [("goal", shown.goal().into()), ("horizon", shown.horizon(year).into())];
        Preview {
            figure: Some((shown.value(), counted)),
            standing: shown
                .row
                .standing
                .map(|standing| (standing, first_upper(standing.words().get(voice.0)))),
            line: voice.say_with("preview-goal", &goal),
            picture: shown.row.value.map(|_| shown.bullet().into_string()),
            ..empty
        }
    }

    /// How many targets are met, and a square for each; hollow for those that are hidden.
    fn preview_of_plan(&self) -> Preview {
        let (view, voice) = (&self.view, self.voice());
        let pack = view.pack();
        let rows = view.board.scoreboard(&view.unit.id).map_or_else(Vec::new, |board| board.rows);
        let standing = |target: &hoptac_model::target::Target| {
            let row = rows.iter().find(|row| row.target == target.id)?;
            let indicator = pack.indicator(&row.indicator)?;
            Some(row.standing.filter(|_| !self.hides(indicator, &view.unit)))
        };
        let groups: Vec<Vec<Square>> = pack
            .headings
            .iter()
            .map(|heading| {
                let targets = pack.targets.iter().filter(|one| one.heading == heading.id);
                let square =
                    |standing| Square { standing, href: String::new(), title: String::new() };
                targets.filter_map(standing).map(square).collect()
            })
            .collect();
        let all = groups.iter().flatten().count();
        let met = groups.iter().flatten().filter(|one| one.standing == Some(Standing::Met)).count();
        let year = view.board.as_of().year().to_string();
        let year = voice.say_with("preview-year", &[("year", year.into())]);
        Preview {
            heading: voice.say_with("preview-plan", &[("unit", view.unit.name.as_str().into())]),
            figure: Some((
                format!("{met}/{all}"),
                voice.say_with("preview-met", &[("year", year.into())]),
            )),
            line: voice.say("preview-strip"),
            picture: Some(strip::draw_whole(&groups, "").into_string()),
            ..self.preview_without_figure()
        }
    }

    fn preview_without_figure(&self) -> Preview {
        let (view, voice) = (&self.view, self.voice());
        let number = view.pack().document.number.as_str();
        let plan = [("number", number.into()), ("unit", view.unit.name.as_str().into())];
        let is_synthetic = view.published.register.has_synthetic();
        Preview {
            over: voice.say_with("preview-over", &plan),
            foot: voice.say_with("preview-day", &[("day", self.day().into())]),
            caution: is_synthetic.then(|| voice.say("preview-synthetic")),
            ..Preview::default()
        }
    }
}
