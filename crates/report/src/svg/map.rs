//! The map: one circle per place at its coordinates, or one tile per place near them; outlines beneath where the operator
//! has them. Area is the amount, colour the standing; what is missing is hollow and dashed.

use std::fmt::Write as _;

use hoptac_model::standing::Standing;
use maud::{Markup, html};

use super::scale::px;
use super::{sign, standing_class};

/// The side of a tile, with the gap to the next.
const TILE: f64 = 30.0;
const WIDTH: f64 = 560.0;
const EDGE: f64 = 18.0;
/// The largest circle.
const RADIUS: f64 = 19.0;
/// How many places carry their names.
const NAMED: usize = 12;

/// One place.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Latitude and longitude in degrees; none where unknown.
    pub at: Option<(f64, f64)>,
    /// The amount; none where nothing is known.
    pub value: Option<f64>,
    /// The amount as people read it.
    pub shown: String,
    /// Its standing; none where nothing is asked of it.
    pub standing: Option<Standing>,
    /// Where it leads.
    pub href: String,
    /// Rings of its outline, each point as longitude and latitude.
    pub outline: Vec<Vec<(f64, f64)>>,
}

/// Degrees to places in the picture, north up, with the true proportions of the middle of the map.
struct Projection {
    west: f64,
    north: f64,
    across: f64,
    scale: f64,
    height: f64,
}

impl Projection {
    /// The projection in which all points fit.
    fn fit(points: impl Iterator<Item = (f64, f64)>) -> Option<Self> {
        let mut bounds: Option<(f64, f64, f64, f64)> = None;
        for (lat, lon) in points.filter(|(lat, lon)| lat.is_finite() && lon.is_finite()) {
            let (south, north, west, east) = bounds.unwrap_or((lat, lat, lon, lon));
            bounds = Some((south.min(lat), north.max(lat), west.min(lon), east.max(lon)));
        }
        let (south, north, west, east) = bounds?;
        let across = f64::midpoint(south, north).to_radians().cos().max(0.1);
        let width = ((east - west) * across).max(0.01);
        let scale = (WIDTH - 2.0 * EDGE) / width;
        // A narrow, tall territory must not make a picture of many screens.
        let scale = scale.min(1.4 * WIDTH / (north - south).max(0.01));
        Some(Self { west, north, across, scale, height: (north - south) * scale + 2.0 * EDGE })
    }

    fn at(&self, (lat, lon): (f64, f64)) -> (f64, f64) {
        let x = (lon - self.west) * self.across * self.scale + EDGE;
        (x, (self.north - lat) * self.scale + EDGE)
    }

    fn path(&self, rings: &[Vec<(f64, f64)>]) -> String {
        let mut path = String::new();
        for ring in rings {
            for (index, (lon, lat)) in ring.iter().enumerate() {
                let (x, y) = self.at((*lat, *lon));
                let _ = write!(path, "{}{} {}", if index == 0 { 'M' } else { 'L' }, px(x), px(y));
            }
            path.push('Z');
        }
        path
    }
}

/// All points that must be in the picture, as latitude and longitude.
fn points(places: &[Place]) -> impl Iterator<Item = (f64, f64)> {
    let outlines = places.iter().flat_map(|place| place.outline.iter().flatten());
    places.iter().filter_map(|place| place.at).chain(outlines.map(|(lon, lat)| (*lat, *lon)))
}

/// Draws circles at the coordinates, the large ones first so that none is hidden. Nothing where no place has any.
pub fn bubbles(places: &[Place], title: &str) -> Markup {
    let Some(projection) = Projection::fit(points(places)) else { return html! {} };
    let largest = places.iter().filter_map(|place| place.value).fold(0.0, f64::max);
    let mut drawn: Vec<(&Place, (f64, f64), f64)> = places
        .iter()
        .filter_map(|place| {
            let radius = match place.value.filter(|value| *value > 0.0) {
                Some(value) if largest > 0.0 => (value / largest).sqrt() * RADIUS,
                _ => 0.0,
            };
            Some((place, projection.at(place.at?), radius.max(3.2)))
        })
        .collect();
    drawn.sort_by(|a, b| b.2.total_cmp(&a.2));
    let names = names(&drawn, projection.height);
    html! {
        svg class="map" role="group" aria-label=(title) viewBox={ "0 0 " (px(WIDTH)) " " (px(projection.height)) } {
            @for place in places.iter().filter(|place| !place.outline.is_empty()) {
                path class="outline" d=(projection.path(&place.outline)) {}
            }
            @for (place, (x, y), radius) in &drawn {
                a href=(place.href) aria-label={ (place.name) ": " (place.shown) } {
                    circle class={ "bubble " (look(place)) } cx=(px(*x)) cy=(px(*y)) r=(px(*radius)) {
                        title { (place.name) ": " (place.shown) }
                    }
                }
            }
            @for (name, x, y) in &names { text class="name" x=(px(*x)) y=(px(*y)) aria-hidden="true" { (name) } }
        }
    }
}

/// The names of the largest places, left out where they would lie upon another name.
fn names<'p>(drawn: &[(&'p Place, (f64, f64), f64)], height: f64) -> Vec<(&'p str, f64, f64)> {
    let mut names: Vec<(&str, f64, f64)> = Vec::new();
    for (place, (x, y), radius) in drawn {
        #[expect(clippy::cast_precision_loss, reason = "names have few letters")]
        let half = place.name.chars().count() as f64 * 3.1;
        let x = x.clamp(half, (WIDTH - half).max(half));
        let is_free = |y: &f64| {
            let apart = names.iter().all(|(other, ox, oy)| {
                #[expect(clippy::cast_precision_loss, reason = "names have few letters")]
                let reach = half + other.chars().count() as f64 * 3.1;
                (ox - x).abs() > reach || (oy - y).abs() > 13.0
            });
            apart && *y > 8.0 && *y < height - 2.0
        };
        // Above its place; below it where there is no room.
        let y = [y - radius - 4.0, y + radius + 11.0].into_iter().find(is_free);
        if let Some(y) = y.filter(|_| names.len() < NAMED) {
            names.push((&place.name, x, y));
        }
    }
    names
}

/// The classes of a mark: its standing, and whether anything is known.
fn look(place: &Place) -> String {
    let known = if place.value.is_some() { "known" } else { "missing" };
    format!("{} {known}", standing_class(place.standing))
}

/// Draws one tile per place, each as near to its coordinates as the others let it.
pub fn tiles(places: &[Place], title: &str) -> Markup {
    let cells = grid(places);
    let width = cells.iter().map(|(_, column, _)| column + 1).max().unwrap_or(0);
    let height = cells.iter().map(|(_, _, row)| row + 1).max().unwrap_or(0);
    html! {
        svg class="map tiles" role="group" aria-label=(title) viewBox={ "0 0 " (px(cell(width))) " " (px(cell(height))) } {
            @for (place, column, row) in &cells {
                a href=(place.href) aria-label={ (place.name) ": " (place.shown) } transform={ "translate(" (px(cell(*column))) " " (px(cell(*row))) ")" } {
                    rect class={ "tile " (look(place)) } x="1" y="1" width=(px(TILE - 3.0)) height=(px(TILE - 3.0)) rx="2" {
                        title { (place.name) ": " (place.shown) }
                    }
                }
            }
            // What is written on a tile stands above the links, whose names say more.
            @for (place, column, row) in &cells {
                g class="on-tile" aria-hidden="true" transform={ "translate(" (px(cell(*column))) " " (px(cell(*row))) ")" } {
                    @if let Some(standing) = place.standing {
                        g class=(standing_class(Some(standing))) transform="translate(8 4) scale(.95)" { (sign::shape(standing)) }
                    }
                    text class="initials" x=(px(TILE / 2.0 - 0.5)) y=(px(TILE - 6.0)) { (initials(&place.name)) }
                }
            }
        }
    }
}

fn cell(index: usize) -> f64 {
    f64::from(u32::try_from(index).unwrap_or(u32::MAX)) * TILE
}

/// The first letters of a name: `Bình Gia` as BG.
fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(3).collect()
}

/// A column and a row for each place that has coordinates: the free cell nearest to where it lies.
fn grid(places: &[Place]) -> Vec<(&Place, usize, usize)> {
    let Some(projection) = Projection::fit(places.iter().filter_map(|place| place.at)) else {
        return Vec::new();
    };
    let located: Vec<(&Place, (f64, f64))> =
        places.iter().filter_map(|place| Some((place, projection.at(place.at?)))).collect();
    // Half as many cells again as places leave room for the shape of the territory.
    let count = f64::from(u32::try_from(located.len()).unwrap_or(u32::MAX)) * 1.5;
    let aspect = WIDTH / projection.height.max(1.0);
    let columns = bounded((count * aspect).sqrt());
    let rows = bounded(count / cell(columns) * TILE);
    let (wide, high) = (WIDTH / cell(columns) * TILE, projection.height / cell(rows) * TILE);
    let mut order = located;
    order.sort_by(|a, b| a.1.1.total_cmp(&b.1.1).then(a.1.0.total_cmp(&b.1.0)));
    let mut free: Vec<(usize, usize)> =
        (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row))).collect();
    let mut cells = Vec::new();
    for (place, (x, y)) in order {
        let distance = |(column, row): &(usize, usize)| {
            let dx = (cell(*column) / TILE + 0.5) * wide - x;
            let dy = (cell(*row) / TILE + 0.5) * high - y;
            dx * dx + dy * dy
        };
        let nearest =
            free.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
        if let Some(index) = nearest.map(|(index, _)| index) {
            let (column, row) = free.swap_remove(index);
            cells.push((place, column, row));
        }
    }
    cells
}

/// A count of columns or rows, at least one.
fn bounded(value: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held between 1 and 200"
    )]
    let whole = value.ceil().clamp(1.0, 200.0) as usize;
    whole
}

/// Draws where one place lies among the others.
pub fn locator(others: &[(f64, f64)], here: (f64, f64), title: &str) -> Markup {
    let Some(projection) = Projection::fit(others.iter().copied().chain([here])) else {
        return html! {};
    };
    let (x, y) = projection.at(here);
    html! {
        svg class="map locator" role="img" aria-label=(title) viewBox={ "0 0 " (px(WIDTH)) " " (px(projection.height)) } {
            title { (title) }
            @for other in others {
                @let (x, y) = projection.at(*other);
                circle class="elsewhere" cx=(px(x)) cy=(px(y)) r="5" {}
            }
            circle class="here" cx=(px(x)) cy=(px(y)) r="11" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str, lat: f64, lon: f64, value: Option<f64>) -> Place {
        Place { name: name.to_owned(), at: Some((lat, lon)), value, ..Place::default() }
    }

    #[test]
    fn north_is_up_and_east_is_right() {
        let projection = Projection::fit([(21.0, 106.0), (22.0, 107.0)].into_iter()).unwrap();
        let (west, south) = projection.at((21.0, 106.0));
        let (east, north) = projection.at((22.0, 107.0));
        assert!(east > west && north < south, "{west} {east} {north} {south}");
    }
    #[test]
    fn area_is_the_amount() {
        let places = [place("A", 21.0, 106.0, Some(4.0)), place("B", 22.0, 107.0, Some(1.0))];
        let svg = bubbles(&places, "m").into_string();
        assert!(svg.contains("r=\"19\"") && svg.contains("r=\"9.5\""), "{svg}");
    }
    #[test]
    fn what_is_missing_is_shown_as_missing_and_zero_is_not_missing() {
        let places = [place("A", 21.0, 106.0, None), place("B", 22.0, 107.0, Some(0.0))];
        let svg = bubbles(&places, "m").into_string();
        assert_eq!(svg.matches("missing").count(), 1);
        assert_eq!(svg.matches("known").count(), 1);
    }
    #[test]
    fn every_place_has_a_tile_of_its_own() {
        let places: Vec<Place> = (0..65_i32)
            .map(|n| {
                place("P", 21.0 + f64::from(n % 8) / 10.0, 106.0 + f64::from(n / 8) / 10.0, None)
            })
            .collect();
        let mut cells: Vec<(usize, usize)> =
            grid(&places).iter().map(|(_, c, r)| (*c, *r)).collect();
        assert_eq!(cells.len(), 65);
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), 65);
    }
    #[test]
    fn places_without_coordinates_make_no_picture() {
        let place = Place { name: "A".to_owned(), value: Some(1.0), ..Place::default() };
        assert_eq!(bubbles(std::slice::from_ref(&place), "m").into_string(), "");
    }
    #[test]
    fn first_letters_of_a_name() {
        assert_eq!(initials("Bình Gia"), "BG");
    }
}
