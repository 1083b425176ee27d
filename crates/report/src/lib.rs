//! Pictures and documents drawn from published values. Nothing is computed here: what is drawn was judged before.

pub mod svg;
