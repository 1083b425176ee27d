//! The whole room, from a register to boards.

mod chain;
mod explain;
mod facts;
mod open_seat;
mod properties;
mod reference;
mod reform;
mod scoreboard;
mod world;
