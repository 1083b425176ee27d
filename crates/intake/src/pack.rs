//! Stub while it is written.
