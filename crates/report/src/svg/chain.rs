//! The chain: who sells on the left, who buys on the right, and between them a band for what they have under contract, as wide
//! as the contracts are many. Every side is a link, and the bands of a seller stand out while it has the focus.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::scale::px;

/// The breadth of the bar of a side.
const BAR: f64 = 7.0;
/// The least height of a side, so that its name has room.
const ROW: f64 = 25.0;
/// Room above the first side, for the heads.
const TOP: f64 = 26.0;
/// Room above a side for its name, where names stand over the bands.
const OVER: f64 = 18.0;

/// Somebody who sells or buys, or several of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// The name.
    pub name: String,
    /// What stands behind it, as `12`.
    pub amount: String,
    /// Where it leads; empty for what leads nowhere.
    pub href: String,
    /// Whether it should be looked at: it depends on one buyer.
    pub caution: bool,
    /// Whether it stands for all that are not drawn one by one. It stands last.
    pub rest: bool,
}

/// What a seller and a buyer have under contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The seller, by its place in the list.
    pub seller: usize,
    /// The buyer, by its place in the list.
    pub buyer: usize,
    /// How much, in whatever unit all bands share.
    pub weight: f64,
}

/// A chain to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chain {
    /// What stands over the two sides: who sells, who buys.
    pub heads: (String, String),
    /// Who sells, in the order from top to bottom.
    pub sellers: Vec<Side>,
    /// Who buys; put into the order in which the fewest bands cross.
    pub buyers: Vec<Side>,
    /// Who sells to whom.
    pub bands: Vec<Band>,
}

/// Room for a picture.
struct Room {
    class: &'static str,
    width: f64,
    /// The breadth kept for names on either side; none where names stand over the bands.
    names: f64,
    /// The most letters of a name.
    letters: usize,
}

const WIDE: Room = Room { class: "chart chain wide", width: 900.0, names: 290.0, letters: 38 };
const NARROW: Room = Room { class: "chart chain narrow", width: 344.0, names: 0.0, letters: 24 };

/// Where a side stands.
#[derive(Clone, Copy, Default)]
struct Stand {
    top: f64,
    height: f64,
    /// How far its bands have been laid already.
    used: f64,
}

/// Draws the chain twice: for a desk, and for a phone where names stand over the bands. The style sheet shows one of them.
pub fn draw(chain: &Chain, title: &str) -> Markup {
    html! { (in_room(chain, title, &WIDE)) (in_room(chain, title, &NARROW)) }
}

fn in_room(chain: &Chain, title: &str, room: &Room) -> Markup {
    let total: f64 = chain.bands.iter().map(|band| band.weight).sum();
    if total <= 0.0 {
        return html! {};
    }
    let sides = chain.sellers.len().max(chain.buyers.len());
    let scale = length(sides) * ROW * 0.8 / total;
    let order = order(chain);
    let mut sellers = stands(chain.sellers.len(), 0..chain.sellers.len(), room, |at| {
        weight(chain, |band| band.seller == at) * scale
    });
    let mut buyers = stands(chain.buyers.len(), order.iter().copied(), room, |at| {
        weight(chain, |band| band.buyer == at) * scale
    });
    let height = bottom(&sellers).max(bottom(&buyers)) + 4.0;
    let (left, right) = (room.names + BAR, room.width - room.names - BAR);
    // Bands leave a seller in the order in which their buyers stand.
    let place = |buyer: usize| order.iter().position(|at| *at == buyer).unwrap_or(usize::MAX);
    let mut bands: Vec<&Band> = chain.bands.iter().collect();
    bands.sort_by_key(|band| (band.seller, place(band.buyer)));
    let mut paths: Vec<String> = vec![String::new(); chain.sellers.len()];
    for band in bands {
        let (Some(from), Some(to), Some(path)) =
            (sellers.get_mut(band.seller), buyers.get_mut(band.buyer), paths.get_mut(band.seller))
        else {
            continue;
        };
        let breadth = band.weight * scale;
        ribbon(path, (left, from.top + from.used), (right, to.top + to.used), breadth);
        from.used += breadth;
        to.used += breadth;
    }
    let seller = |at: usize| (chain.sellers.get(at), sellers.get(at));
    html! {
        svg class=(room.class) role="group" aria-label=(title) viewBox={ "0 0 " (px(room.width)) " " (px(height)) } {
            @for (at, path) in paths.iter().enumerate() {
                @if let (Some(side), Some(stand)) = seller(at) {
                    g class={ "flow" @if side.caution { " caution" } } {
                        path class="ribbon" d=(path) {}
                        (draw_side(side, *stand, room, left - BAR, true))
                    }
                }
            }
            @for at in &order {
                @if let (Some(side), Some(stand)) = (chain.buyers.get(*at), buyers.get(*at)) {
                    (draw_side(side, *stand, room, right, false))
                }
            }
            g class="names" aria-hidden="true" {
                (heads(&chain.heads, room, left - BAR, right))
                @for (side, stand) in chain.sellers.iter().zip(&sellers) { (name(side, *stand, room, left - BAR, true)) }
                @for (side, stand) in chain.buyers.iter().zip(&buyers) { (name(side, *stand, room, right, false)) }
            }
        }
    }
}

/// A side: its bar, and the room of its name as a link.
fn draw_side(side: &Side, stand: Stand, room: &Room, x: f64, sells: bool) -> Markup {
    let words = format!("{}: {}", side.name, side.amount);
    let inside = html! {
        title { (words) }
        rect class="bar" x=(px(x)) y=(px(stand.top)) width=(px(BAR)) height=(px(stand.height.max(1.5))) {}
        (hit(stand, room, x, sells))
    };
    html! {
        @if side.href.is_empty() { g { (inside) } } @else { a href=(side.href) aria-label=(words) { (inside) } }
    }
}

/// What stands over the two sides.
fn heads((sell, buy): &(String, String), room: &Room, left: f64, right: f64) -> Markup {
    let wide = room.names > 0.0;
    let (sell_at, buy_at) =
        if wide { (left - 8.0, right + BAR + 8.0) } else { (left, right + BAR) };
    html! {
        text class={ "note " (if wide { "to-end" } else { "to-start" }) } x=(px(sell_at)) y="13" { (sell) }
        text class={ "note " (if wide { "to-start" } else { "to-end" }) } x=(px(buy_at)) y="13" { (buy) }
    }
}

/// The room of a name, which is as much the link as the bar is.
fn hit(stand: Stand, room: &Room, x: f64, sells: bool) -> Markup {
    let (breadth, height) = (room.names.max(150.0), stand.height.max(20.0));
    let (from, y) = if room.names > 0.0 {
        (if sells { x - breadth } else { x + BAR }, stand.top + (stand.height - height) / 2.0)
    } else {
        (if sells { x } else { x + BAR - breadth }, stand.top - 17.0)
    };
    let height = if room.names > 0.0 { height } else { 17.0 };
    html! { rect class="hit" x=(px(from)) y=(px(y)) width=(px(breadth)) height=(px(height)) {} }
}

/// The name of a side with what stands behind it. Names stand above the links, which say the same in full.
fn name(side: &Side, stand: Stand, room: &Room, x: f64, sells: bool) -> Markup {
    let (at, anchor) = match (room.names > 0.0, sells) {
        (true, true) => (x - 8.0, "to-end"),
        (true, false) => (x + BAR + 8.0, "to-start"),
        (false, true) => (x, "to-start"),
        (false, false) => (x + BAR, "to-end"),
    };
    let y = if room.names > 0.0 { stand.top + stand.height / 2.0 + 4.5 } else { stand.top - 5.0 };
    html! {
        text class=(anchor) x=(px(at)) y=(px(y)) { (short(&side.name, room.letters)) " " tspan class="soft" { (side.amount) } }
    }
}

/// The places of sides one under the other, each with room for its name.
fn stands(
    count: usize,
    order: impl Iterator<Item = usize>,
    room: &Room,
    height: impl Fn(usize) -> f64,
) -> Vec<Stand> {
    let mut stands = vec![Stand::default(); count];
    let mut y = TOP;
    for at in order {
        let height = height(at);
        let (top, slot) = if room.names > 0.0 {
            // A bar lower than its row stands in the middle of it.
            let slot = (height + 5.0).max(ROW);
            (y + (slot - height) / 2.0, slot)
        } else {
            (y + OVER, height + OVER + 7.0)
        };
        if let Some(stand) = stands.get_mut(at) {
            *stand = Stand { top, height, used: 0.0 };
        }
        y += slot;
    }
    stands
}

fn bottom(stands: &[Stand]) -> f64 {
    stands.iter().map(|stand| stand.top + stand.height.max(ROW / 2.0)).fold(0.0, f64::max)
}

/// The buyers in the order in which the middle of their sellers lies, so that few bands cross.
fn order(chain: &Chain) -> Vec<usize> {
    let middle = |buyer: usize| {
        let own = || chain.bands.iter().filter(move |band| band.buyer == buyer);
        let all: f64 = own().map(|band| band.weight).sum();
        let sum: f64 = own().map(|band| band.weight * length(band.seller)).sum();
        if all > 0.0 { sum / all } else { f64::MAX }
    };
    let mut order: Vec<usize> = (0..chain.buyers.len()).collect();
    let is_rest = |at: usize| chain.buyers.get(at).is_some_and(|side| side.rest);
    order.sort_by(|a, b| {
        let middles = middle(*a).total_cmp(&middle(*b));
        is_rest(*a).cmp(&is_rest(*b)).then(middles).then(a.cmp(b))
    });
    order
}

fn weight(chain: &Chain, own: impl Fn(&Band) -> bool) -> f64 {
    chain.bands.iter().filter(|band| own(band)).map(|band| band.weight).sum()
}

/// A band with a horizontal start and end.
fn ribbon(path: &mut String, (x1, y1): (f64, f64), (x2, y2): (f64, f64), breadth: f64) {
    let middle = px(f64::midpoint(x1, x2));
    let (low1, low2) = (y1 + breadth, y2 + breadth);
    let _ = write!(
        path,
        "M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}L{x2} {low2}C{middle} {low2} {middle} {low1} {x1} {low1}Z",
        x1 = px(x1),
        y1 = px(y1),
        x2 = px(x2),
        y2 = px(y2),
        low1 = px(low1),
        low2 = px(low2),
    );
}

/// Long beginnings of names and how offices shorten them, the longest first.
const SHORT: [(&str, &str); 7] = [
    ("Công ty trách nhiệm hữu hạn", "Công ty TNHH"),
    ("Liên hiệp hợp tác xã", "LHHTX"),
    ("Doanh nghiệp tư nhân", "DNTN"),
    ("Công ty cổ phần", "CTCP"),
    ("Doanh nghiệp", "DN"),
    ("Hợp tác xã", "HTX"),
    ("Tổ hợp tác", "THT"),
];

/// A name that fits its room; the whole name stands in the title.
fn short(name: &str, letters: usize) -> String {
    if name.chars().count() <= letters {
        return name.to_owned();
    }
    let shortened = SHORT
        .iter()
        .find_map(|(long, short)| name.strip_prefix(long).map(|rest| format!("{short}{rest}")));
    let name = shortened.as_deref().unwrap_or(name);
    if name.chars().count() <= letters {
        return name.to_owned();
    }
    let cut: String = name.chars().take(letters.saturating_sub(1)).collect();
    // A word is left whole where most of the name stays.
    let whole = cut
        .rsplit_once(' ')
        .map(|(start, _)| start)
        .filter(|start| start.chars().count() * 3 > letters * 2);
    format!("{}…", whole.unwrap_or(&cut).trim_end())
}

fn length(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &str) -> Side {
        Side { name: name.to_owned(), amount: "1".to_owned(), ..Side::default() }
    }

    fn band(seller: usize, buyer: usize, weight: f64) -> Band {
        Band { seller, buyer, weight }
    }

    fn crossed() -> Chain {
        Chain {
            heads: ("Bên bán".to_owned(), "Bên mua".to_owned()),
            sellers: vec![side("A"), side("B")],
            buyers: vec![side("X"), side("Y")],
            bands: vec![band(0, 1, 2.0), band(1, 0, 1.0)],
        }
    }

    #[test]
    fn buyers_stand_where_no_band_crosses() {
        assert_eq!(order(&crossed()), [1, 0]);
    }
    #[test]
    fn a_chain_without_contracts_is_not_drawn() {
        let empty = Chain { sellers: vec![side("A")], ..Chain::default() };
        assert_eq!(draw(&empty, "Chuỗi").into_string(), "");
    }
    #[test]
    fn bars_are_as_high_as_their_bands_and_never_overlap() {
        let chain = crossed();
        let stands = stands(2, 0..2, &WIDE, |at| weight(&chain, |band| band.seller == at) * 30.0);
        let [first, second] = stands.as_slice() else { panic!("two sellers") };
        assert!((first.height - 60.0).abs() < 1e-9 && (second.height - 30.0).abs() < 1e-9);
        assert!(first.top + first.height < second.top);
    }
    #[test]
    fn who_leads_somewhere_is_a_link_and_a_long_name_is_cut_at_a_word() {
        let mut chain = crossed();
        chain.sellers[0].href = "/to-chuc/1".to_owned();
        chain.sellers[0].name = "Hợp tác xã Dịch vụ nông nghiệp tổng hợp Bình Gia".to_owned();
        let drawn = draw(&chain, "Chuỗi").into_string();
        assert_eq!(drawn.matches("<a ").count(), 2, "once on each picture");
        assert!(drawn.contains(">HTX Dịch vụ nông nghiệp tổng hợp… "), "{drawn}");
        assert!(
            drawn.contains("<title>Hợp tác xã Dịch vụ nông nghiệp tổng hợp Bình Gia: 1</title>")
        );
    }
    #[test]
    fn the_rest_stands_last_wherever_its_bands_come_from() {
        let mut chain = crossed();
        chain.buyers[1].rest = true;
        assert_eq!(order(&chain), [0, 1]);
    }
    #[test]
    fn names_over_bars_have_a_line_of_their_own() {
        let stands = stands(2, 0..2, &NARROW, |_| 40.0);
        let [first, second] = stands.as_slice() else { panic!("two sides") };
        assert!(second.top - (first.top + first.height) > OVER);
    }
    #[test]
    fn what_points_at_nobody_is_left_out() {
        let mut chain = crossed();
        chain.bands.push(band(7, 0, 1.0));
        assert!(draw(&chain, "Chuỗi").into_string().contains("<svg"));
    }
}
