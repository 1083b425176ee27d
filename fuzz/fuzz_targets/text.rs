//! Text in any encoding, and the grammar over what came of it: places must lie in the text and cover the words.
#![no_main]

use hoptac_intake::reading::{document, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = match document::open(data) {
        Ok(opened) => opened.text,
        Err(_) => String::from_utf8_lossy(data).into_owned(),
    };
    let reading = read(&text);
    let length = text.chars().count();
    for target in &reading.targets {
        assert!(target.start <= target.end && target.end <= length, "{target:?}");
    }
});
