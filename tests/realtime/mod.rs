//! Subscribers miss nothing, and receive nothing that they may not see. An independent checker subscribes at two
//! servers like any client, while people write, parts fail, and rights are revoked at random. It then compares the
//! deliveries with the outbox and the rules, without using the server's code.
//!
//! A short run is part of the suite. `CHECK_SECONDS=3600 tests/run realtime::run` runs for an hour. `CHECK_SEED`
//! repeats the schedule of a failed run. A run with an unexpected error is void, and fails, too.

mod chaos;
mod checker;
mod checker_tests;
mod cluster;
mod history;
mod person;
mod random;
mod record;
mod replay;
mod revocation;
mod rules;
mod run;
mod subscriber;
mod work;
mod writer;
