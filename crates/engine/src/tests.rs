//! The whole room.
