//! The whole room, from a register to boards.

mod calibration;
mod cascade;
mod chain;
mod consequence;
mod explain;
mod facts;
mod forecast;
mod kept;
mod open_seat;
mod properties;
mod reference;
mod reform;
mod scoreboard;
mod task;
mod what_if;
mod world;
