//! The picture that other sites show beside a link to a page: what it is about, the figure, and how far it is to the goal.
//!
//! It is drawn in the look of the pages, on paper of one size, and a little larger in type, because others show it small.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use hoptac_model::standing::Standing;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};
use skrifa::MetadataProvider as _;

use crate::svg::scale::px;
use crate::svg::{alone, sign};

/// How wide the picture is, in pixels: what those who show previews ask for.
pub const WIDTH: u16 = 1200;
/// How high it is.
pub const HEIGHT: u16 = 630;

/// Where text begins and ends.
const SIDE: f64 = 72.0;
/// How wide a line may be.
const BROAD: f64 = 1056.0;

/// The two weights of the pages' face, and the documents' one for signs that it does not have.
const REGULAR: &[u8] = include_bytes!("../fonts/BeVietnamPro-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/BeVietnamPro-SemiBold.ttf");

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for face in [REGULAR, BOLD, crate::font::FACES[0]] {
        fonts.load_font_data(face.to_vec());
    }
    fonts.set_serif_family("Tinos");
    fonts.set_sans_serif_family("Be Vietnam Pro");
    Arc::new(fonts)
});

/// What the picture shows. Nothing of it is worked out here, and what must not be shown is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Whose plan it is, and which: the first line.
    pub over: String,
    /// What it is about.
    pub heading: String,
    /// The figure with its sign, and what it counts and when.
    pub figure: Option<(String, String)>,
    /// Where it stands, in words.
    pub standing: Option<(Standing, String)>,
    /// What is asked, or a sentence where there is no figure.
    pub line: String,
    /// A bullet or a strip, as [`crate::svg`] draws them.
    pub picture: Option<String>,
    /// The day that it is of.
    pub foot: String,
    /// That the figures are made up, where they are.
    pub caution: Option<String>,
}

/// The picture as a PNG; none where it cannot be painted.
pub fn png(preview: &Preview) -> Option<Vec<u8>> {
    let options = Options { fontdb: Arc::clone(&FONTS), ..Options::default() };
    let tree = Tree::from_str(&svg(preview), &options).ok()?;
    let mut pixels = Pixmap::new(WIDTH.into(), HEIGHT.into())?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().ok()
}

/// The weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Regular,
    Bold,
}

impl Weight {
    fn family(self) -> &'static str {
        match self {
            Self::Regular => "Be Vietnam Pro",
            Self::Bold => "Be Vietnam Pro SemiBold",
        }
    }

    fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::Bold => BOLD,
        }
    }
}

fn svg(preview: &Preview) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fbfaf6\"/>\
         <g transform=\"translate(66 42) scale(1.9)\" fill=\"none\" stroke=\"#0d5c46\" stroke-width=\"1.9\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\
         <path d=\"M12 21V9.5M12 3.2c2.6 2 3.8 4.2 3.8 6.4 0 2.6-1.5 4.6-3.8 5.7-2.3-1.1-3.8-3.1-3.8-5.7 0-2.2 1.2-4.4 3.8-6.4zM8.3 14.5 5 20.5M15.7 14.5 19 20.5\"/></g>"
    );
    let mut pen = Pen(&mut svg);
    let over = fitted(&preview.over, Weight::Regular, 27.0, BROAD - 52.0);
    pen.text((SIDE + 52.0, 75.0), 27.0, Weight::Regular, SOFT, &over);
    pen.rule(104.0);
    let (size, lines) = heading(&preview.heading);
    let mut y = 124.0;
    for line in &lines {
        y += size * 1.22;
        pen.text((SIDE, y), size, Weight::Bold, INK, line);
    }
    if let Some((figure, counted)) = &preview.figure {
        let size = [104.0, 84.0, 64.0]
            .into_iter()
            .find(|size| broad(figure, Weight::Bold, *size) < 660.0)
            .unwrap_or(44.0);
        pen.text((SIDE, 398.0), size, Weight::Bold, INK, figure);
        let start = SIDE + broad(figure, Weight::Bold, size) + 22.0;
        let counted = fitted(counted, Weight::Regular, 29.0, SIDE + BROAD - start);
        pen.text((start, 398.0), 29.0, Weight::Regular, SOFT, &counted);
    }
    let mut x = SIDE;
    if let Some((standing, words)) = &preview.standing {
        pen.picture(&sign::draw(*standing).into_string(), (x, 428.0), 28.0);
        pen.text((x + 40.0, 452.0), 27.0, Weight::Bold, colour(*standing), words);
        x += 40.0 + broad(words, Weight::Bold, 27.0) + 28.0;
    }
    let line = fitted(&preview.line, Weight::Regular, 27.0, SIDE + BROAD - x);
    pen.text((x, 452.0), 27.0, Weight::Regular, INK, &line);
    if let Some(picture) = &preview.picture {
        let is_low = alone::size(picture).is_some_and(|(broad, high)| broad > high * 15.0);
        let (y, broad) = if is_low { (484.0, BROAD) } else { (470.0, 690.0) };
        pen.picture(picture, (SIDE, y), broad);
    }
    pen.rule(556.0);
    let mut most = BROAD;
    if let Some(caution) = &preview.caution {
        let start = SIDE + BROAD - broad(caution, Weight::Bold, 23.0);
        let _ = write!(
            pen.0,
            "<rect x=\"{}\" y=\"571\" width=\"6\" height=\"32\" fill=\"#b58a00\"/>",
            px(start - 18.0)
        );
        pen.text((start, 595.0), 23.0, Weight::Bold, INK, caution);
        most = start - SIDE - 48.0;
    }
    let foot = fitted(&preview.foot, Weight::Regular, 23.0, most);
    pen.text((SIDE, 595.0), 23.0, Weight::Regular, SOFT, &foot);
    svg.push_str("</svg>");
    svg
}

const INK: &str = "#1a1d1f";
const SOFT: &str = "#5b6368";

/// The colour of a standing on light paper.
fn colour(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "#1b6e45",
        Standing::OnTrack => "#1f6f8b",
        Standing::Behind => "#a86400",
        Standing::OffTrack => "#b3261e",
        Standing::NoData => "#6b7280",
    }
}

/// Writes one thing after another.
struct Pen<'a>(&'a mut String);

impl Pen<'_> {
    fn text(&mut self, (x, y): (f64, f64), size: f64, weight: Weight, fill: &str, text: &str) {
        let family = weight.family();
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = write!(
            self.0,
            "<text x=\"{}\" y=\"{}\" fill=\"{fill}\" style=\"font-family:'{family}';font-size:{}px\">{text}</text>",
            px(x),
            px(y),
            px(size)
        );
    }

    fn rule(&mut self, y: f64) {
        let _ = write!(
            self.0,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"2\" fill=\"#e3e0d6\"/>",
            px(SIDE),
            px(y),
            px(BROAD)
        );
    }

    /// A picture of the pages, so wide.
    fn picture(&mut self, svg: &str, (x, y): (f64, f64), broad: f64) {
        let Some((width, _)) = alone::size(svg) else { return };
        let picture = alone::draw(svg).replace("#ffffff", "#fbfaf6");
        let _ = write!(
            self.0,
            "<g transform=\"translate({} {}) scale({})\">{picture}</g>",
            px(x),
            px(y),
            broad / width
        );
    }
}

/// The heading in the largest type in which it has room: its size and its lines.
fn heading(text: &str) -> (f64, Vec<String>) {
    for (size, most) in [(54.0, 2), (44.0, 3), (38.0, 3)] {
        let lines = wrapped(text, size);
        if lines.len() <= most {
            return (size, lines);
        }
    }
    let mut lines = wrapped(text, 38.0);
    let rest = lines.split_off(2).join(" ");
    lines.push(fitted(&rest, Weight::Bold, 38.0, BROAD));
    (38.0, lines)
}

/// The words in lines.
fn wrapped(text: &str, size: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || broad(&longer, Weight::Bold, size) <= BROAD {
            *line = longer;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// As many words as have room, and a sign that there are more.
fn fitted(text: &str, weight: Weight, size: f64, most: f64) -> String {
    if broad(text, weight, size) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split_whitespace() {
        let longer = if kept.is_empty() { word.to_owned() } else { format!("{kept} {word}") };
        if broad(&format!("{longer}…"), weight, size) > most {
            break;
        }
        kept = longer;
    }
    kept.push('…');
    kept
}

/// How wide a text is.
fn broad(text: &str, weight: Weight, size: f64) -> f64 {
    let Ok(font) = skrifa::FontRef::new(weight.file()) else { return 0.0 };
    #[expect(clippy::cast_possible_truncation, reason = "sizes of type are small")]
    let size_px = skrifa::instance::Size::new(size as f32);
    let metrics = font.glyph_metrics(size_px, skrifa::instance::LocationRef::default());
    let letters = font.charmap();
    let of = |letter: char| letters.map(letter).and_then(|glyph| metrics.advance_width(glyph));
    // A letter that the face does not have comes from another one.
    text.chars().map(|letter| of(letter).map_or(size * 0.6, f64::from)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::bullet::{self, Bullet};
    use hoptac_model::target::Constraint;

    fn preview() -> Preview {
        let bullet = Bullet {
            value: Some(372.0),
            constraint: Constraint::About { value: 850.0, tolerance: 0.05 },
            expected: Some(500.0),
            whole: None,
            standing: Some(Standing::Behind),
            title: "Tổ hợp tác",
        };
        Preview {
            over: "Kế hoạch số 115/KH-UBND, tỉnh Lạng Sơn".to_owned(),
            heading: "Số tổ hợp tác đăng ký hoạt động".to_owned(),
            figure: Some(("372".to_owned(), "tổ hợp tác, năm 2025".to_owned())),
            standing: Some((Standing::Behind, "Đang chậm".to_owned())),
            line: "Mục tiêu: khoảng 850 đến năm 2030".to_owned(),
            picture: Some(bullet::draw(&bullet).into_string()),
            foot: "Tính đến 31/12/2025".to_owned(),
            caution: Some("Dữ liệu mô phỏng".to_owned()),
        }
    }

    /// Width and height, as the file says them.
    fn size(png: &[u8]) -> (u32, u32) {
        let at = |from: usize| u32::from_be_bytes(png[from..from + 4].try_into().unwrap());
        (at(16), at(20))
    }

    #[test]
    fn it_has_the_size_that_previews_have_and_is_light() {
        let made = png(&preview()).unwrap();
        assert_eq!(size(&made), (u32::from(WIDTH), u32::from(HEIGHT)));
        assert!(made.len() < 100_000, "{} bytes", made.len());
        assert_eq!(png(&preview()).unwrap(), made, "the same gives the same bytes");
    }
    #[test]
    fn every_letter_of_vietnamese_is_in_both_weights() {
        let letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy áàảãạ ắằẳẵặ ấầẩẫậ éèẻẽẹ ếềểễệ íìỉĩị óòỏõọ ốồổỗộ ớờởỡợ úùủũụ ứừửữự ýỳỷỹỵ 0123456789.,%";
        for face in [REGULAR, BOLD] {
            let font = skrifa::FontRef::new(face).unwrap();
            let missing = |text: &str| -> Vec<char> {
                text.chars().filter(|c| font.charmap().map(*c).is_none()).collect()
            };
            assert_eq!(missing(letters), []);
            assert_eq!(missing(&letters.to_uppercase()), []);
        }
    }
    #[test]
    fn no_line_is_wider_than_the_paper() {
        let long = "Tỷ lệ hợp tác xã nông nghiệp ứng dụng công nghệ cao trong sản xuất và tiêu thụ nông sản gắn với chuỗi giá trị ".repeat(6);
        let (size, lines) = heading(&long);
        assert_eq!(lines.len(), 3);
        for line in &lines {
            assert!(broad(line, Weight::Bold, size) <= BROAD, "{line}");
        }
        assert!(lines[2].ends_with('…'));
        assert_eq!(heading("Số hợp tác xã").1, ["Số hợp tác xã"]);
    }
    #[test]
    fn what_is_written_stays_text() {
        let svg = svg(&Preview { heading: "<a & b>".to_owned(), ..Preview::default() });
        assert!(svg.contains(">&lt;a &amp; b&gt;</text>"), "{svg}");
        assert!(png(&Preview { heading: "<a & b>".to_owned(), ..Preview::default() }).is_some());
    }
}
