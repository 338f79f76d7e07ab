//! Subscribers miss nothing, and hear nothing that is not theirs: a checker of its own, which speaks to two servers as
//! any client does while people write, everything breaks and rights are revoked at random, and then compares what was
//! told with the outbox and with the rules, both read without the server's code.
//!
//! A short run is part of the suite; `CHECK_SECONDS=3600 tests/run realtime::run` makes it an hour, and `CHECK_SEED`
//! repeats the schedule that a failed run has printed. A run in which anything was answered that should not have been is
//! void, and fails, too.

mod chaos;
mod doctored;
mod judge;
mod pair;
mod person;
mod proxy;
mod random;
mod record;
mod replay;
mod run;
mod sight;
mod stage;
mod subscriber;
mod truth;
mod work;
mod writer;
