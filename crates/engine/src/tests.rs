//! The whole room, from a register to boards.

mod explain;
mod facts;
mod properties;
mod reference;
mod scoreboard;
mod world;
