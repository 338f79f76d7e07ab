//! Initial data: the sample agency of the first start, and generated agencies of any size.

pub mod generated;
pub mod sample;
