//! A PDF: whole bytes, or the content of a page, a map of letters and the dictionary of a font in an otherwise sound file.
#![no_main]

use hoptac_intake::reading::document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = document::open(data);
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (content, map, font) = (part(), part(), part());
    let mut file = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 4 0 R>>>>>>endobj\n"
        .to_vec();
    for (head, body) in [("4 0 obj<<>>stream\n", content), ("6 0 obj<<>>stream\n", map)] {
        file.extend_from_slice(head.as_bytes());
        file.extend_from_slice(body);
        file.extend_from_slice(b"\nendstream endobj\n");
    }
    file.extend_from_slice(b"5 0 obj<</Type/Font/ToUnicode 6 0 R ");
    file.extend_from_slice(font);
    file.extend_from_slice(b">>endobj\ntrailer<</Root 1 0 R>>\n");
    let _ = document::open(&file);
});
