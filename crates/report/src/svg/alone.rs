//! A picture that is complete in itself: with colours instead of variables, for paper. Pages colour pictures by their own
//! style sheet; documents cannot.

use std::fmt::Write as _;

use super::STYLE;

/// The colours of the light page, on white paper.
const COLOURS: [(&str, &str); 15] = [
    ("--ink", "#1a1d1f"),
    ("--soft", "#5b6368"),
    ("--rule", "#e3e0d6"),
    ("--paper", "#ffffff"),
    ("--track", "#e9e6dc"),
    ("--zone", "#dbe9df"),
    ("--edge", "#0d5c46"),
    ("--caution", "#b58a00"),
    ("--brand", "#0d5c46"),
    ("--met", "#1b6e45"),
    ("--on", "#1f6f8b"),
    ("--behind", "#a86400"),
    ("--off", "#b3261e"),
    ("--none", "#6b7280"),
    ("--apart", "#5b6368"),
];

/// The classes of a standing, each with the variable of its colour.
const STANDINGS: [(&str, &str); 6] = [
    ("s-met", "--met"),
    ("s-on", "--on"),
    ("s-behind", "--behind"),
    ("s-off", "--off"),
    ("s-none", "--none"),
    ("s-apart", "--apart"),
];

/// The picture with its style inside.
pub fn draw(svg: &str) -> String {
    let Some((open, rest)) = svg.split_once('>') else { return String::new() };
    let mut text = open.replacen("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"", 1);
    if let Some((width, height)) = size(svg) {
        let _ = write!(text, " width=\"{width}\" height=\"{height}\"");
    }
    let _ = write!(text, "><style>{}</style>{rest}", style());
    text
}

/// Width and height, as the view box has them.
pub fn size(svg: &str) -> Option<(f64, f64)> {
    let (_, from) = svg.split_once("viewBox=\"")?;
    let (numbers, _) = from.split_once('"')?;
    let mut numbers = numbers.split(' ').skip(2).map(str::parse::<f64>);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// The rules of [`STYLE`] without variables. A rule that takes the colour of a standing is written once for each.
fn style() -> String {
    let mut style = String::from("text{font-family:Tinos}");
    let flat = STYLE.split_once("*/").map_or(STYLE, |(_, rest)| rest);
    for rule in flat.lines().filter(|line| !line.starts_with([' ', '@', '}'])) {
        let Some((selector, body)) = rule.split_once('{') else { continue };
        let (selector, body) = (selector.trim(), body.trim_end_matches('}').trim());
        if body.starts_with("--") || selector.contains(':') {
            continue;
        }
        if !body.contains("var(--standing)") {
            let _ = write!(style, "{selector}{{{}}}", coloured(body));
            continue;
        }
        for (class, variable) in STANDINGS {
            let body = coloured(&body.replace("var(--standing)", &format!("var({variable})")));
            for one in selector.split(',') {
                let last = one.rsplit(' ').next().unwrap_or(one);
                let _ = write!(style, ".{class} {last},{last}.{class}{{{body}}}");
            }
        }
    }
    style
}

fn coloured(body: &str) -> String {
    let coloured =
        |text: String, (name, colour): &(&str, &str)| text.replace(&format!("var({name})"), colour);
    COLOURS.iter().fold(body.to_owned(), coloured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_variable_is_left() {
        let style = style();
        assert!(!style.contains("var("), "{style}");
        assert!(style.contains(".s-met .bar,.bar.s-met{fill: #1b6e45;}"));
    }
    #[test]
    fn the_picture_names_its_size() {
        let alone = draw(r#"<svg class="bullet" viewBox="0 0 228 24"><title>x</title></svg>"#);
        assert!(alone.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg" class="bullet""#));
        assert!(alone.contains(r#"width="228" height="24""#));
    }
}
