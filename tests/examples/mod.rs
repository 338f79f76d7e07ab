//! The client examples, run as their readers run them, against a live server.

mod curl;
mod python;
mod typescript;
